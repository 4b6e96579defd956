import { loadAddon } from './load-addon.js'

/**
 * Whether the native addon is there. Without it UDP goes over node:dgram, and everything else of this package throws
 * `ERR_POSIX_UNAVAILABLE` with this reason.
 */
export function posixSupport(): { readonly native: true } | { readonly native: false; readonly reason: string } {
  const found = loadAddon()
  return 'addon' in found ? { native: true } : { native: false, reason: found.reason }
}
