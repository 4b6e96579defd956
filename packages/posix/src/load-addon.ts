import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Addon } from './addon.js'

type Loaded = { readonly addon: Addon } | { readonly reason: string; readonly cause: unknown }

let loaded: Loaded | undefined

/** The addon, or why it cannot be used. Tried once: what is missing stays missing while the process runs. */
export function loadAddon(): Loaded {
  loaded ??= load()
  return loaded
}

/**
 * @param what needs the addon: `writeFifo()`
 * @throws Error `ERR_POSIX_UNAVAILABLE`, saying why it cannot be used and what to install
 */
export function needAddon(what: string): Addon {
  const found = loadAddon()
  if ('addon' in found) return found.addon
  throw addonMissing(what)
}

/** The error of what cannot be done without the addon. */
export function addonMissing(what: string): Error & { readonly code: 'ERR_POSIX_UNAVAILABLE' } {
  const found = loadAddon()
  const missing = 'addon' in found ? { reason: 'it is not used here', cause: undefined } : found
  const error = new Error(`${what} needs the native addon: ${missing.reason}`, { cause: missing.cause })
  return Object.assign(error, { code: 'ERR_POSIX_UNAVAILABLE' } as const)
}

/**
 * Whether the native addon is there. Without it UDP goes over node:dgram, and everything else of this package throws
 * `ERR_POSIX_UNAVAILABLE` with this reason.
 */
export function posixSupport(): { readonly native: true } | { readonly native: false; readonly reason: string } {
  const found = loadAddon()
  return 'addon' in found ? { native: true } : { native: false, reason: found.reason }
}

function load(): Loaded {
  try {
    if (process.platform !== 'win32' && isBundled()) {
      return {
        reason:
          '@mi/posix finds its native addon beside its own code, and was bundled into another file; ' +
          "install it as it was published, and name it '@mi/posix' among the bundler's externals",
        cause: undefined,
      }
    }
    const require = createRequire(import.meta.url)
    const find: (folder: string) => unknown = require('node-gyp-build')
    return { addon: asAddon(find(fileURLToPath(new URL('..', import.meta.url)))) }
  } catch (cause) {
    return { reason: reasonOf(cause), cause }
  }
}

/** Whether this code was moved away from its package. A bundle in CommonJS has no URL. */
function isBundled(): boolean {
  if (!URL.canParse('../package.json', import.meta.url)) return true
  const manifest = new URL('../package.json', import.meta.url)
  return !existsSync(manifest) || !/"name"\s*:\s*"@mi\/posix"/.test(readFileSync(manifest, 'utf8'))
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
