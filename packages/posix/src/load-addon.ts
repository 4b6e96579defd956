import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Addon } from './addon.js'

type Loaded = { readonly addon: Addon } | { readonly reason: string; readonly cause: unknown }

let loaded: Loaded | undefined

/** The addon, or why there is none. Tried once: what is missing stays missing while the process runs. */
export function loadAddon(): Loaded {
  loaded ??= load()
  return loaded
}

function load(): Loaded {
  try {
    const require = createRequire(import.meta.url)
    const find: (folder: string) => unknown = require('node-gyp-build')
    return { addon: asAddon(find(fileURLToPath(new URL('..', import.meta.url)))) }
  } catch (cause) {
    return { reason: reasonOf(cause), cause }
  }
}

function reasonOf(cause: unknown): string {
  const platform = `${process.platform}-${process.arch}`
  if (process.platform === 'win32') return `@mi/posix needs a POSIX system; this is ${platform}`
  const message = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)
  return (
    `@mi/posix has no native addon for ${platform} and Node.js ${process.version} here (${message}); ` +
    'install a C compiler, make and python3, then run: npm rebuild @mi/posix'
  )
}

/** True by construction: the addon is built from the sources beside this file. */
function asAddon(exports: unknown): Addon {
  return exports as Addon
}
