import type { ClientMessage } from '@mi/contract'
import type { AbortListener, AbortSource } from '../life.js'
import type { Connection } from './connection.js'

/**
 * How far a message has come: it waits for its turn; it is to be sent (the socket may not be open yet, or have no room);
 * it is sent; it is over.
 */
export type Phase = 'waiting' | 'unsent' | 'sent' | 'over'

/** Who is told when a call is over. */
export interface CallOwner {
  /**
   * @param before how far it had come
   * @param abandoned nobody waits for its answer any more; it may come all the same
   */
  ended(call: Call, before: Phase, abandoned: boolean): void
}

/** One message on its way: it is settled once. It listens to its life itself, which saves a function for each. */
export class Call implements AbortListener {
  phase: Phase = 'waiting'
  /** What carries it. */
  connection: Connection | undefined
  /** It was refused before it was sent, and has had its second try. */
  hadSecondTry = false
  /** How often it was sent again because no answer came. */
  repeats = 0

  constructor(
    readonly message: Omit<ClientMessage, 'signal'>,
    private readonly life: AbortSource,
    private readonly owner: CallOwner,
    private readonly resolve: (answer: string | null) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    life.addEventListener('abort', this)
  }

  get awaitsAnswer(): boolean {
    return this.message.ids.length > 0
  }

  succeed(answer: string | null): void {
    if (this.end(false)) this.resolve(answer)
  }

  fail(reason: unknown): void {
    if (this.end(false)) this.reject(reason)
  }

  /** The caller has given up. What the call made is removed before it rejects. */
  handleEvent(): void {
    if (this.end(true)) this.reject(this.life.reason)
  }

  private end(abandoned: boolean): boolean {
    const before = this.phase
    if (before === 'over') return false
    this.phase = 'over'
    this.life.removeEventListener('abort', this)
    this.owner.ended(this, before, abandoned)
    return true
  }
}
