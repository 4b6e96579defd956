/** The checks of a file, from `checkFile` on. */
export interface FileChecks {
  /** Ends them; resolves when the one under way, if any, is over. To be called once. */
  close(): Promise<void>
}

/**
 * Has a file that is served looked after: by time, and at once on SIGHUP, which then no longer ends the process.
 * @param check is not called again before it is over; it must not reject
 * @param intervalMs time from one check to the next
 */
export function checkFile(check: () => Promise<void>, intervalMs: number): FileChecks {
  let checking: Promise<void> | undefined
  const begin = (): void => {
    checking ??= check().finally(() => {
      checking = undefined
    })
  }
  const timer = setInterval(begin, intervalMs)
  expectListeners(1)
  process.on('SIGHUP', begin)
  return {
    async close() {
      clearInterval(timer)
      process.off('SIGHUP', begin)
      expectListeners(-1)
      await checking
    },
  }
}

/** Eleven servers in a process are not the leak that Node.js would warn of. Where it counts none (0), so it stays. */
function expectListeners(change: 1 | -1): void {
  const limit = process.getMaxListeners()
  if (limit > 0) process.setMaxListeners(Math.max(limit + change, 1))
}
