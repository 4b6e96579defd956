import { AbortListeners } from './abort-listeners.js'
import { Life } from './life.js'

/** How one piece of work may be ended early. */
export interface EarlyEnds {
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined
  /** What the work rejects with when everything is closed, before it could begin or after. */
  readonly closed: (begun: boolean) => Error
}

interface Running {
  readonly closed: EarlyEnds['closed']
  readonly work: Promise<unknown>
}

/**
 * Work that may be ended early: one piece by its caller's signal or from within, all of it by `close`. A piece that
 * was ended rejects with the reason it was ended for, whatever it threw on the way out.
 */
export class InFlight {
  private readonly running = new Map<Life, Running>()
  private readonly listeners = new AbortListeners()
  private isClosed = false

  /** Whether nothing runs. */
  get isIdle(): boolean {
    return this.running.size === 0
  }

  /** @param start does the work and cleans up after itself; its life, and the signal of it, tell when it should end */
  async run<T>({ signal, closed }: EarlyEnds, start: (life: Life) => Promise<T>): Promise<T> {
    if (this.isClosed) throw closed(false)
    signal?.throwIfAborted()
    const life = new Life()
    if (signal !== undefined) this.listeners.follow(signal, life)
    try {
      const work = start(life)
      this.running.set(life, { closed, work })
      const value = await work
      life.throwIfAborted()
      return value
    } catch (error) {
      throw life.aborted ? life.reason : error
    } finally {
      this.running.delete(life)
      if (signal !== undefined) this.listeners.unfollow(signal, life)
    }
  }

  /** Ends all that runs and lets nothing new begin. Resolves when it has come to its end. */
  async close(): Promise<void> {
    this.isClosed = true
    const running = [...this.running]
    for (const [life, { closed }] of running) life.abort(closed(true))
    await Promise.allSettled(running.map(([, { work }]) => work))
  }
}
