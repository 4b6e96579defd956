import type { MiLogger } from '@mi/contract'

const WINDOW_MS = 1_000

/** Kinds of drops with a window of their own, at most; more share one. */
const MOST_KINDS = 256

interface Window {
  /** Since the last line. */
  count: number
  /** Of the first of them. */
  fields: Readonly<Record<string, unknown>>
  readonly timer: NodeJS.Timeout
}

/**
 * Logs drops. The first of a kind is logged at once; those that follow within a second become one line, with their count and
 * the fields of the first. So peers cannot flood the log.
 */
export class DropLog {
  private readonly windows = new Map<string, Window>()

  constructor(private readonly log: MiLogger) {}

  /** @param count how many were dropped together */
  write(transport: string, reason: string, fields: Readonly<Record<string, unknown>>, count: number): void {
    const kind = this.windows.size < MOST_KINDS ? `${transport}\0${reason}` : ''
    const window = this.windows.get(kind)
    if (window === undefined) {
      this.line(transport, reason, fields, count)
      const timer = setInterval(() => this.endWindow(kind, transport, reason), WINDOW_MS).unref()
      this.windows.set(kind, { count: 0, fields: {}, timer })
      return
    }
    if (window.count === 0) window.fields = fields
    window.count += count
  }

  /** Logs what is still held back. */
  close(): void {
    for (const kind of [...this.windows.keys()]) {
      const [transport = '', reason = 'other'] = kind.split('\0')
      this.endWindow(kind, transport, reason)
      clearInterval(this.windows.get(kind)?.timer)
      this.windows.delete(kind)
    }
  }

  private endWindow(kind: string, transport: string, reason: string): void {
    const window = this.windows.get(kind)
    if (window === undefined) return
    if (window.count === 0) {
      clearInterval(window.timer)
      this.windows.delete(kind)
      return
    }
    this.line(transport, reason, window.fields, window.count)
    window.count = 0
  }

  private line(transport: string, reason: string, fields: Readonly<Record<string, unknown>>, count: number): void {
    const howMany = count === 1 ? {} : { count }
    this.log.warn({ transport, reason, ...howMany, ...fields }, `dropped: ${reason.replaceAll('_', ' ')}`)
  }
}
