import type { LogMethod, MiLogger } from '@mi/contract'

/**
 * A logger that cannot hurt: destinations log from timers and sockets, where an error would end the process.
 * @param log undefined: silence
 */
export function harmlessLog(log: MiLogger | undefined): MiLogger {
  const method = (level: keyof MiLogger): LogMethod => {
    return (fields, message) => {
      try {
        log?.[level](fields, message)
      } catch {
        // There is nobody left to tell: it was the logger that failed.
      }
    }
  }
  return { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') }
}
