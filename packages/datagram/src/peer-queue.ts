import type { Peer } from './peer.js'

/** First pause before the next try to a peer whose queue is full; it doubles while nothing goes. */
const SHORTEST_PAUSE_MS = 1
const LONGEST_PAUSE_MS = 16

/** The pause after two refusals in a row. */
const STUCK_PAUSE_MS = 4

/** About what a reply takes besides its text, in bytes: many small ones must not take more memory than the limits say. */
const REPLY_BYTES = 256

/** A reply that could not be sent yet. */
export interface WaitingReply {
  readonly text: string | Uint8Array
  readonly bytes: number
  /** False for a provisional one: its request is not settled by it. */
  readonly isFinal: boolean
}

/** What it counts for in the limits, in bytes. */
export function costOf({ bytes }: WaitingReply): number {
  return bytes + REPLY_BYTES
}

export function waitingReply(text: string | Uint8Array, isFinal: boolean): WaitingReply {
  return { text, bytes: Buffer.byteLength(text), isFinal }
}

/** The replies that wait for one peer, in order. */
export class PeerQueue {
  /** What all of them count for in the limits. */
  bytes = 0
  /** When to try again, by `performance.now()`. */
  dueAt: number
  private pauseMs = SHORTEST_PAUSE_MS
  /** Since when nothing has gone. */
  private progressAt: number
  private replies: WaitingReply[] = []
  /** Replies before it are gone: removing the first of a long array costs as much as the array is long. */
  private head = 0

  constructor(
    readonly peer: Peer,
    now: number,
  ) {
    this.dueAt = now + SHORTEST_PAUSE_MS
    this.progressAt = now
  }

  get length(): number {
    return this.replies.length - this.head
  }

  add(reply: WaitingReply): void {
    this.replies.push(reply)
    this.bytes += costOf(reply)
  }

  at(index: number): WaitingReply | undefined {
    return this.replies[this.head + index]
  }

  shift(): WaitingReply | undefined {
    const reply = this.replies[this.head++]
    if (reply !== undefined) this.bytes -= costOf(reply)
    if (this.head >= 1_024 && this.head * 2 >= this.replies.length) {
      this.replies = this.replies.slice(this.head)
      this.head = 0
    }
    return reply
  }

  /** Takes the newest one. */
  pop(): WaitingReply | undefined {
    if (this.length === 0) return undefined
    const reply = this.replies.pop()
    if (reply !== undefined) this.bytes -= costOf(reply)
    return reply
  }

  /** Takes all that wait. */
  clear(): readonly WaitingReply[] {
    const all = this.replies.slice(this.head)
    this.replies = []
    this.head = 0
    this.bytes = 0
    return all
  }

  /** Something went. */
  advance(now: number): void {
    this.progressAt = now
    this.pauseMs = SHORTEST_PAUSE_MS
  }

  /** Nothing more goes for now. */
  pause(now: number): void {
    this.dueAt = now + this.pauseMs
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS)
  }

  /** Whether nothing has gone for so long. */
  hasStalled(now: number, timeoutMs: number): boolean {
    return now - this.progressAt >= timeoutMs
  }

  /** Whether several tries in a row were refused. */
  get isStuck(): boolean {
    return this.pauseMs >= STUCK_PAUSE_MS
  }

  /** Whether something went at this time. */
  hasAdvanced(now: number): boolean {
    return this.progressAt === now
  }
}
