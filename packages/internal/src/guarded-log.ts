import type { LogMethod, MiLogger } from '@mi/contract'

const nothing = (): void => {}

/** Writes nothing. */
export const silence: MiLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/**
 * A logger that cannot throw: logs are written from timers and sockets, where an error would end the process.
 * @param onError called for each line that could not be written
 */
export function guardedLog(log: MiLogger, onError: () => void = nothing): MiLogger {
  const guarded =
    (level: keyof MiLogger): LogMethod =>
    (fields, message) => {
      try {
        log[level](fields, message)
      } catch {
        onError()
      }
    }
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') }
}
