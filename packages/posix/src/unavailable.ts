import type { Addon } from './addon.js'
import { loadAddon } from './load-addon.js'

/**
 * @param what needs the addon: `writeFifo()`
 * @throws Error `ERR_POSIX_UNAVAILABLE`, saying why there is none and what to install
 */
export function needAddon(what: string): Addon {
  const found = loadAddon()
  if ('addon' in found) return found.addon
  throw unavailable(what)
}

/** The error of what cannot be done without the addon. */
export function unavailable(what: string): Error & { readonly code: 'ERR_POSIX_UNAVAILABLE' } {
  const found = loadAddon()
  const missing = 'addon' in found ? { reason: 'it is not in use here', cause: undefined } : found
  const error = new Error(`${what} needs the native addon: ${missing.reason}`, { cause: missing.cause })
  return Object.assign(error, { code: 'ERR_POSIX_UNAVAILABLE' } as const)
}
