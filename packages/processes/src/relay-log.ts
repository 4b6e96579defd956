import { inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import type { LogMethod, MiLogger } from '@mi/contract'
import {
  type FromChild,
  type LogLine,
  type PortableError,
  portableError,
  revivedError,
  type Sender,
} from './channel.js'

/** Which lines each level lets pass; the names are those of pino, which `log_level` sets. */
const RANKS: Readonly<Record<string, number>> = { fatal: 0, error: 1, warn: 2, info: 3, debug: 4 }

/** Thrown for a line that is not sent: the engine counts it among the `log_errors`, as it does any failure of a logger. */
const LOST = new Error('the channel to the main process is backed up')

/** The logger of a child: sends the lines that its level lets pass to the logger of the main process. */
export class RelayLog implements MiLogger {
  level = 'info'
  readonly debug = this.method('debug')
  readonly info = this.method('info')
  readonly warn = this.method('warn')
  readonly error = this.method('error')

  constructor(private readonly sender: Pick<Sender<FromChild>, 'offer'>) {}

  /** @throws Error when lines are written faster than the main process takes them: this one is lost */
  private method(level: keyof MiLogger): LogMethod {
    return (fields, message) => {
      if ((RANKS[level] ?? 0) > (RANKS[this.level] ?? 0)) return
      if (!this.sender.offer(logLine(level, fields, message))) throw LOST
    }
  }
}

/** A line as the channel can carry it: errors apart, and as text what cannot be cloned. */
export function logLine(level: keyof MiLogger, fields: Readonly<Record<string, unknown>>, message: string): LogLine {
  const plain: [field: string, value: unknown][] = []
  const errors: [field: string, error: PortableError][] = []
  for (const [field, value] of Object.entries(fields)) {
    if (value instanceof Error) errors.push([field, portableError(value)])
    else plain.push([field, cloneable(value)])
  }
  // From entries, so that a field named __proto__ is one like the others.
  return { type: 'log', level, fields: Object.fromEntries(plain), errors, message: String(message) }
}

/** The fields as they were, errors as errors. */
export function revivedFields({ fields, errors }: Pick<LogLine, 'fields' | 'errors'>): Record<string, unknown> {
  return { ...fields, ...Object.fromEntries(errors.map(([field, error]) => [field, revivedError(error)])) }
}

function cloneable(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return inspect(value)
  if (typeof value !== 'object' || value === null) return value
  try {
    // Read too: there are errors that can be written and not read, and they would end the main process.
    return deserialize(serialize(value))
  } catch {
    // A function, a promise, a getter that throws somewhere in it: as text people can still read it.
    return inspect(value)
  }
}
