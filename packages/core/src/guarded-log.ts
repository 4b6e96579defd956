import type { LogMethod, MiLogger } from '@mi/contract'

/** A logger that cannot hurt: one that throws is counted and otherwise ignored. */
export function guardedLog(log: MiLogger, onError: () => void): MiLogger {
  const guarded =
    (level: keyof MiLogger): LogMethod =>
    (fields, message) => {
      try {
        log[level](fields, message)
      } catch {
        // Nobody is left to tell; the count shows in the statistics.
        onError()
      }
    }
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') }
}
