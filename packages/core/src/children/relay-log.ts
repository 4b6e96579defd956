import type { LogMethod, MiLogger } from '@mi/contract'
import type { FromChild } from './messages.js'
import type { Outbox } from './outbox.js'
import { relayedLine } from './relayed-line.js'

/** Which lines each level lets pass; the names are pino's, which `log_level` sets. */
const ranks: Readonly<Record<string, number>> = { fatal: 0, error: 1, warn: 2, info: 3, debug: 4 }

/** Thrown for a line that is not sent: the engine counts it among the `log_errors`, as it does any failure of a logger. */
const lost = new Error('the channel to the main process is backed up')

/** The logger of a child: lines that its level lets pass go to the main process's logger. */
export class RelayLog implements MiLogger {
  level = 'info'
  readonly debug = this.method('debug')
  readonly info = this.method('info')
  readonly warn = this.method('warn')
  readonly error = this.method('error')

  constructor(private readonly outbox: Pick<Outbox<FromChild>, 'offer'>) {}

  /** @throws Error when the main process does not take lines as fast as they are written: this one is lost */
  private method(level: keyof MiLogger): LogMethod {
    return (fields, message) => {
      if ((ranks[level] ?? 0) > (ranks[this.level] ?? 0)) return
      if (!this.outbox.offer(relayedLine(level, fields, message))) throw lost
    }
  }
}
