import { MiError, type RequestSignal } from '@mi/contract'

interface Waiter {
  readonly begin: () => void
}

/** Lets a number of pieces of work run at once; the others wait in order, each until its signal fires. */
export class Turns {
  private readonly waiting = new Set<Waiter>()

  /**
   * @param what for the message: what there are too many of
   * @param free how many may run at once
   * @param maxQueued how many may wait; more are refused with `MI_CONNECTION`
   */
  constructor(
    private readonly what: string,
    private free: number,
    private readonly maxQueued: number,
  ) {}

  async run<T>(signal: RequestSignal, work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1
    else await this.wait(signal)
    try {
      return await work()
    } finally {
      this.pass()
    }
  }

  private wait(signal: RequestSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.waiting.size >= this.maxQueued) {
      throw new MiError('MI_CONNECTION', `${this.waiting.size} ${this.what} wait already; send fewer at once`)
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.waiting.delete(waiter)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        begin: () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      this.waiting.add(waiter)
      signal.addEventListener('abort', onAbort)
    })
  }

  /** Gives the turn to the one that has waited longest. */
  private pass(): void {
    for (const next of this.waiting) {
      this.waiting.delete(next)
      next.begin()
      return
    }
    this.free += 1
  }
}
