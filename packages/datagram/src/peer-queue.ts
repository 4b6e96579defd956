import type { Sender } from './sender.js'

/** First pause before the next try to a peer whose queue is full; it doubles while nothing goes. */
export const SHORTEST_PAUSE_MS = 1
export const LONGEST_PAUSE_MS = 16

/** A text that waits. */
export interface PendingReply {
  readonly text: string | Uint8Array
  readonly octets: number
  /** False for an answer ahead of the final one: its request is not settled by it. */
  readonly final: boolean
}

/** The replies that wait for one peer, in order. */
export class Line {
  octets = 0
  pauseMs = SHORTEST_PAUSE_MS
  /** When to try again, and since when nothing has gone; as of `performance.now()`. */
  dueAt: number
  progressAt: number
  private replies: PendingReply[] = []
  /** Those before it are gone: taking the first of a long array away costs as much as the array is long. */
  private head = 0

  constructor(
    readonly sender: Sender,
    now: number,
  ) {
    this.dueAt = now + SHORTEST_PAUSE_MS
    this.progressAt = now
  }

  get length(): number {
    return this.replies.length - this.head
  }

  add(reply: PendingReply): void {
    this.replies.push(reply)
    this.octets += reply.octets
  }

  at(place: number): PendingReply | undefined {
    return this.replies[this.head + place]
  }

  shift(): PendingReply | undefined {
    const reply = this.replies[this.head++]
    if (reply !== undefined) this.octets -= reply.octets
    if (this.head >= 1_024 && this.head * 2 >= this.replies.length) {
      this.replies = this.replies.slice(this.head)
      this.head = 0
    }
    return reply
  }

  /** Takes all that wait. */
  clear(): readonly PendingReply[] {
    const all = this.replies.slice(this.head)
    this.replies = []
    this.head = 0
    this.octets = 0
    return all
  }

  advanced(now: number): void {
    this.progressAt = now
    this.pauseMs = SHORTEST_PAUSE_MS
  }

  pause(now: number): void {
    this.dueAt = now + this.pauseMs
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS)
  }
}
