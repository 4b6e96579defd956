import { expectListeners } from './listeners.js'

/** The checks of a file, from `checkFile` on. */
export interface FileChecks {
  /** Stops the checks; resolves when the one under way is over. To be called once. */
  close(): Promise<void>
}

/**
 * Checks a listening file at intervals and on SIGHUP. While it runs, SIGHUP does not end the process.
 * @param check not called again before it is over; it must not reject
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
