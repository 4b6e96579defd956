/**
 * Raises or lowers the listener limit of `process`, so that Node.js prints no warning of a leak when there are many servers
 * or clients. 0 (no limit) stays.
 * @param change 1 before a listener is added, -1 after it is removed
 */
export function expectListeners(change: 1 | -1): void {
  const limit = process.getMaxListeners()
  if (limit > 0) process.setMaxListeners(Math.max(limit + change, 1))
}
