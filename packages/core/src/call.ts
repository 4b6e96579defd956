import { type CommandContext, CommandError, ErrorCode, MiError, type MiLogger, type MiPeer } from '@mi/contract'
import type { OnProvisional } from './engine.js'
import { LARGEST_TIMER_MS } from './options.js'
import type { Command } from './registry.js'

/** Sends a result that goes ahead of the final one. */
export interface ProvisionalSender {
  sendProvisional(call: Call, result: unknown): void
}

/** One run of a command: the context of its handler, and the waiting for a promised result. */
export class Call implements CommandContext {
  private controller: AbortController | undefined
  private abortReason: MiError | undefined
  private finish: ((outcome: Outcome) => void) | undefined
  private settled = false

  /**
   * @param id text of the request's id; undefined for a notification
   * @param onProvisional takes the texts that `sender` makes
   */
  constructor(
    readonly entry: Command,
    readonly peer: MiPeer,
    readonly log: MiLogger,
    readonly id: string | undefined,
    readonly onProvisional: OnProvisional,
    private readonly sender: ProvisionalSender,
  ) {}

  get command(): string {
    return this.entry.contract.method
  }

  get transport(): string {
    return this.peer.transport
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController()
      if (this.abortReason !== undefined) this.controller.abort(this.abortReason)
    }
    return this.controller.signal
  }

  /** The command has answered at once. */
  end(): void {
    this.settled = true
  }

  provisional(result: unknown): void {
    if (!this.settled) this.sender.sendProvisional(this, result)
  }

  /**
   * Waits for a promised result, no longer than `timeoutMs` (0 is for ever) and no longer than until `giveUp`.
   * Never rejects.
   */
  settle(promise: PromiseLike<unknown>, timeoutMs: number): Promise<Outcome> {
    return new Promise((resolve) => {
      const timer =
        timeoutMs > 0
          ? setTimeout(
              () => {
                this.abort(new MiError('MI_TIMEOUT', `command ${this.command} timed out after ${timeoutMs} ms`))
                this.finish?.({ error: timedOut, kind: 'timeout' })
              },
              Math.min(timeoutMs, LARGEST_TIMER_MS),
            )
          : undefined
      this.finish = (outcome) => {
        this.finish = undefined
        this.settled = true
        clearTimeout(timer)
        resolve(outcome)
      }
      try {
        // Resolved first: a `then` of somebody's own may throw, or call back twice.
        Promise.resolve(promise).then(
          (value) => this.finish?.({ value }),
          (error: unknown) => this.finish?.(this.isOwnAbort(error) ? gaveWay : { error, kind: 'thrown' }),
        )
      } catch (error) {
        // A promise that was given a `then` of its own is called as it is.
        this.finish?.({ error, kind: 'thrown' })
      }
    })
  }

  /** Resolves when the promised result is there, or `settle` has given it up. */
  settlement(): Promise<void> {
    const { finish } = this
    if (finish === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      // Put around the other one, for a field of its own would be a cost of every request.
      this.finish = (outcome) => {
        finish(outcome)
        resolve()
      }
    })
  }

  /** Fires the handler's signal. */
  abort(reason: MiError): void {
    this.abortReason ??= reason
    this.controller?.abort(reason)
  }

  /** Answers for a command that did not answer in time for the engine to close. */
  giveUp(): void {
    this.finish?.(gaveWay)
  }

  /** Whether a handler failed with what its signal fired for, as `fetch` and the timers of Node.js do. */
  private isOwnAbort(error: unknown): boolean {
    if (this.abortReason === undefined) return false
    if (error === this.abortReason) return true
    try {
      return error instanceof Error && error.cause === this.abortReason
    } catch {
      // Looking at what was thrown may throw, as with a revoked proxy: that is none of ours.
      return false
    }
  }
}

/** How a run ended. */
export type Outcome =
  | { readonly value: unknown }
  | { readonly error: unknown; readonly kind: 'thrown' | 'timeout' | 'closed' }

const timedOut = new CommandError(ErrorCode.ServerError, undefined, 'Command timed out')

/** What is answered for a command when the engine closes. */
export const closed = new CommandError(ErrorCode.ServerError, undefined, 'Server closed')

const gaveWay: Outcome = { error: closed, kind: 'closed' }
