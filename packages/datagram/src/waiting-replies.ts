import type { DatagramSocket } from '@mi/posix'
import { type DropReason, faultOf } from './faults.js'
import { Line, type PendingReply } from './line.js'
import type { SocketLimits } from './options.js'
import type { Sender } from './sender.js'

/** What is told of replies that waited. */
export interface PendingEvents {
  /** So many final replies went out. */
  sent(count: number): void
  dropped(reason: DropReason, sender: Sender, replies: readonly PendingReply[]): void
  /** The system takes no message of this length: what to send in its place; undefined when nothing is any shorter. */
  instead(sender: Sender, reply: PendingReply): PendingReply | undefined
}

/** The queue of a UNIX socket holds about this many datagrams; trying more of one peer at a time is in vain. */
const TRIED_AT_ONCE = 16

/** Tries in one turn of the event loop while all that was tried went out. */
const MOST_ROUNDS = 64

/**
 * Replies that the system had no room for. Nothing tells when a UNIX peer has read, so each peer's are tried again: after
 * 1 ms at first, after up to 16 ms while nothing goes, and at once when the peer sends something. One timer serves all.
 */
export class PendingReplies {
  /** By address: the same peer may come as several objects. */
  private readonly lines = new Map<string, Line>()
  private octets = 0
  private timer: NodeJS.Timeout | undefined
  private timerAt = Number.POSITIVE_INFINITY
  private someoneIsAwake = false
  private idle: (() => void) | undefined

  constructor(
    private readonly socket: Pick<DatagramSocket<Sender>, 'send' | 'results' | 'address' | 'awaitWritable'>,
    private readonly limits: Pick<
      SocketLimits,
      'socketTimeout' | 'maxPendingReplyBytes' | 'maxPendingReplyBytesPerPeer'
    >,
    private readonly events: PendingEvents,
  ) {}

  get isEmpty(): boolean {
    return this.lines.size === 0
  }

  has(sender: Sender): boolean {
    return this.lines.has(sender.key)
  }

  /** Puts a reply behind those that wait for the same peer; drops it when too much waits already. */
  add(sender: Sender, reply: PendingReply): void {
    const { maxPendingReplyBytes, maxPendingReplyBytesPerPeer } = this.limits
    const key = sender.key
    const found = this.lines.get(key)
    if (
      this.octets + reply.octets > maxPendingReplyBytes ||
      (found?.octets ?? 0) + reply.octets > maxPendingReplyBytesPerPeer
    ) {
      this.events.dropped('too_many_pending', sender, [reply])
      return
    }
    const line = found ?? new Line(sender, performance.now())
    line.add(reply)
    this.octets += reply.octets
    if (found !== undefined) return
    this.lines.set(key, line)
    this.wakeAt(line.dueAt)
    this.awaitRoom()
  }

  /** The peer is alive: its line is tried at the next `tryAwake`. */
  wake(sender: Sender): void {
    const line = this.lines.get(sender.key)
    if (line === undefined) return
    line.dueAt = 0
    this.someoneIsAwake = true
  }

  wakeAll(): void {
    for (const line of this.lines.values()) line.dueAt = 0
    this.someoneIsAwake = this.lines.size > 0
  }

  tryAwake(): void {
    if (this.someoneIsAwake) this.tryDue()
  }

  /** Waits until nothing waits any more; after `limitMs` the rest is given up. */
  async close(limitMs: number): Promise<void> {
    if (this.isEmpty) return
    const limit = setTimeout(() => {
      for (const line of [...this.lines.values()]) this.giveUp(line, 'closed')
    }, limitMs)
    await new Promise<void>((resolve) => {
      this.idle = resolve
    })
    clearTimeout(limit)
  }

  private readonly onTimer = (): void => {
    this.tryDue()
    // Not after each failed try: a system that is out of buffers calls a socket writable all the time.
    if (this.lines.size > 0) this.awaitRoom()
  }

  private tryDue(): void {
    this.stopTimer()
    this.someoneIsAwake = false
    const now = performance.now()
    let due = [...this.lines.values()].filter(({ dueAt }) => dueAt <= now)
    for (let round = 0; due.length > 0 && round < MOST_ROUNDS; round++) due = this.tryLines(due, now)
    for (const { dueAt } of this.lines.values()) this.wakeAt(dueAt)
    if (this.lines.size === 0) this.idle?.()
  }

  /** Over UDP it is this socket's own buffer that is full, and the system tells when it no longer is. */
  private awaitRoom(): void {
    if (this.socket.address.type !== 'unix') this.socket.awaitWritable()
  }

  private stopTimer(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.timerAt = Number.POSITIVE_INFINITY
  }

  /** @returns the lines of which all that was tried went out, and that have more */
  private tryLines(lines: readonly Line[], now: number): Line[] {
    const texts: (string | Uint8Array)[] = []
    const senders: Sender[] = []
    const owners: Line[] = []
    // In turns: where it is this socket's own buffer that is full, none may take all the room.
    for (let place = 0; place < TRIED_AT_ONCE; place++) {
      for (const line of lines) {
        const reply = line.at(place)
        if (reply === undefined) continue
        texts.push(reply.text)
        senders.push(line.sender)
        owners.push(line)
      }
    }
    this.socket.send(texts, senders)
    // A copy, since what is told of the results may lead to another `send`.
    const results = this.socket.results.slice(0, texts.length)
    const held = new Set<Line>()
    for (const [index, line] of owners.entries()) {
      if (!held.has(line) && !this.take(line, results[index] ?? 0, now)) held.add(line)
    }
    for (const line of lines) this.afterTry(line, now)
    return lines.filter((line) => !held.has(line) && line.length > 0)
  }

  /** @returns whether the line goes on */
  private take(line: Line, result: number, now: number): boolean {
    const fault = result < 0 ? faultOf(result, line.sender) : undefined
    if (fault === 'no_room') return false
    if (fault === 'peer_gone' || fault === 'no_reply_address') {
      this.giveUp(line, fault)
      return false
    }
    const reply = line.shift()
    if (reply === undefined) return false
    this.octets -= reply.octets
    line.advanced(now)
    if (fault === 'too_long') this.replace(line.sender, reply)
    else if (fault !== undefined) this.events.dropped(fault, line.sender, [reply])
    else if (reply.final) this.events.sent(1)
    return true
  }

  /** At the end of the line: those behind it were tried in the same call and may have gone. */
  private replace(sender: Sender, reply: PendingReply): void {
    const instead = this.events.instead(sender, reply)
    if (instead === undefined) this.events.dropped('reply_too_large', sender, [reply])
    else this.add(sender, instead)
  }

  private afterTry(line: Line, now: number): void {
    const key = line.sender.key
    // Given up meanwhile.
    if (this.lines.get(key) !== line) return
    if (line.length === 0) {
      this.lines.delete(key)
      return
    }
    if (now - line.progressAt >= this.limits.socketTimeout) {
      this.giveUp(line, 'peer_stalled')
      return
    }
    line.pause(now)
    // To the end, so that another one is first the next time.
    this.lines.delete(key)
    this.lines.set(key, line)
  }

  private giveUp(line: Line, reason: DropReason): void {
    this.lines.delete(line.sender.key)
    this.octets -= line.octets
    const replies = line.clear()
    if (replies.length > 0) this.events.dropped(reason, line.sender, replies)
    if (this.lines.size > 0) return
    this.stopTimer()
    this.idle?.()
  }

  private wakeAt(time: number): void {
    if (time >= this.timerAt) return
    clearTimeout(this.timer)
    this.timerAt = time
    this.timer = setTimeout(this.onTimer, Math.max(1, Math.ceil(time - performance.now())))
  }
}
