import type { BatchCall } from './mi-client.js'

/** @throws TypeError for what is no list of calls, and for an empty one, which JSON-RPC does not allow */
export function batchEntries(calls: readonly unknown[]): readonly BatchCall[] {
  if (!Array.isArray(calls) || calls.length === 0) {
    throw new TypeError('batch(): the calls must be an array with at least one [contract or name, parameters]')
  }
  for (const [index, entry] of calls.entries()) {
    if (!Array.isArray(entry)) throw new TypeError(`batch(): call ${index} must be [contract or name, parameters]`)
  }
  return calls
}
