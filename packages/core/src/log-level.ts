import type { MiLogger } from '@mi/contract'

/** What OpenSIPS logs at when nothing else is said (`log_level`): information and above. */
const INFO = 3

const byName: Readonly<Record<string, number>> = { fatal: -2, error: -1, warn: 1, info: 3, debug: 4, trace: 4 }

/** The log level of this process, -3 (alert) to 4 (debug), carried over to a logger that has a `level` as pino's have. */
export class LogLevel {
  private level: number

  constructor(
    private readonly log: MiLogger,
    private readonly onChange: (level: number) => void,
  ) {
    this.level = hasLevel(log) ? (byName[log.level] ?? INFO) : INFO
  }

  get(): number {
    return this.level
  }

  set(level: number): void {
    this.level = level
    if (hasLevel(this.log)) this.log.level = loggerLevel(level)
    this.onChange(level)
  }
}

function loggerLevel(level: number): string {
  if (level <= -2) return 'fatal'
  if (level <= 0) return 'error'
  if (level === 1) return 'warn'
  return level <= INFO ? 'info' : 'debug'
}

function hasLevel(log: object): log is { level: string } {
  return 'level' in log && typeof log.level === 'string'
}
