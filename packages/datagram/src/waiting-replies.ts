import type { SocketLimits } from './options.js'
import type { Peer } from './peer.js'
import { costOf, PeerQueue, type WaitingReply } from './peer-queue.js'
import { type DropReason, type ReplyOutcomes, sendFault } from './reply-outcomes.js'
import type { ReplySockets } from './reply-sockets.js'

/** The queue of a UNIX socket holds about this many datagrams: more of one peer cannot go at a time. */
const TRIED_AT_ONCE = 16

/** Queues that are looked at for one to take from when too much waits. */
const LOOKED_AT = 64

/** Tries in one turn of the event loop while everything that was tried went out. */
const MOST_ROUNDS = 64

/**
 * Replies that the system had no room for. Nothing reports when a UNIX peer has read, so each peer's are tried again: after
 * 1 ms at first, after up to 16 ms while nothing goes, and at once when the peer sends something. One timer serves all.
 */
export class WaitingReplies {
  /** By `Peer.key`: the same peer may come as several objects. */
  readonly queues: ReadonlyMap<string, PeerQueue>
  private readonly byKey = new Map<string, PeerQueue>()
  private bytes = 0
  private timer: NodeJS.Timeout | undefined
  private timerAt = Number.POSITIVE_INFINITY
  private someoneIsAwake = false
  private onEmpty: (() => void) | undefined

  constructor(
    private readonly sockets: Pick<ReplySockets, 'current' | 'isFull' | 'leaveFull' | 'awaitRoom'>,
    private readonly limits: Omit<SocketLimits, 'socketBufSize'>,
    private readonly outcomes: ReplyOutcomes,
  ) {
    this.queues = this.byKey
  }

  has(peer: Peer): boolean {
    return this.byKey.has(peer.key)
  }

  /** Puts a reply behind those that wait for the same peer; drops it when too much waits already. */
  add(peer: Peer, reply: WaitingReply): void {
    const found = this.byKey.get(peer.key)
    const bytes = costOf(reply)
    const bytesOfPeer = (found?.bytes ?? 0) + bytes
    if (bytesOfPeer > this.limits.maxPendingReplyBytesPerPeer || !this.makeRoom(bytes, bytesOfPeer)) {
      this.outcomes.dropped('too_many_pending', peer, [reply])
      return
    }
    const queue = found ?? new PeerQueue(peer, performance.now())
    queue.add(reply)
    this.bytes += bytes
    if (found !== undefined) return
    this.byKey.set(peer.key, queue)
    this.wakeAt(queue.dueAt)
    this.sockets.awaitRoom()
  }

  /** The peer has just sent something: its queue is tried at the next `tryAwake`. */
  wake(peer: Peer): void {
    const queue = this.byKey.get(peer.key)
    if (queue === undefined) return
    queue.dueAt = 0
    this.someoneIsAwake = true
  }

  wakeAll(): void {
    for (const queue of this.byKey.values()) queue.dueAt = 0
    this.someoneIsAwake = this.byKey.size > 0
  }

  tryAwake(): void {
    if (this.someoneIsAwake) this.tryDue()
  }

  /** Waits until nothing waits any more; after `limitMs` the rest is dropped. */
  async close(limitMs: number): Promise<void> {
    if (this.byKey.size === 0) return
    const limit = setTimeout(() => {
      for (const queue of [...this.byKey.values()]) this.giveUp(queue, 'closed')
    }, limitMs)
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve
    })
    clearTimeout(limit)
  }

  /**
   * Where too much waits, the newest replies to the peer with the most bytes are dropped, of those that have waited longest: peers that
   * read nothing must not take the room of one that asks for little.
   * @param bytesOfPeer with the new reply: nobody with less gives way to it
   */
  private makeRoom(bytes: number, bytesOfPeer: number): boolean {
    const mostBytes = this.limits.maxPendingReplyBytes - bytes
    while (mostBytes >= 0 && this.bytes > mostBytes) {
      let largest: PeerQueue | undefined
      let left = LOOKED_AT
      for (const queue of this.byKey.values()) {
        if (left-- === 0) break
        if (queue.bytes > (largest?.bytes ?? bytesOfPeer)) largest = queue
      }
      const reply = largest?.pop()
      if (largest === undefined || reply === undefined) return false
      this.bytes -= costOf(reply)
      this.outcomes.dropped('too_many_pending', largest.peer, [reply])
      if (largest.length === 0) this.byKey.delete(largest.peer.key)
    }
    return this.bytes <= mostBytes
  }

  private readonly onTimer = (): void => {
    this.tryDue()
    // Not after each failed try: a system that is out of buffers calls a socket writable all the time.
    if (this.byKey.size > 0) this.sockets.awaitRoom()
  }

  private tryDue(): void {
    this.stopTimer()
    this.someoneIsAwake = false
    const now = performance.now()
    const { socketTimeout } = this.limits
    let due = [...this.byKey.values()].filter(({ dueAt }) => dueAt <= now)
    if (due.some((queue) => queue.isStuck || queue.hasStalled(now, socketTimeout))) this.sockets.leaveFull()
    for (let round = 0; due.length > 0 && round < MOST_ROUNDS; round++) due = this.tryQueues(due, now)
    for (const { dueAt } of this.byKey.values()) this.wakeAt(dueAt)
    if (this.byKey.size === 0) this.onEmpty?.()
  }

  private stopTimer(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.timerAt = Number.POSITIVE_INFINITY
  }

  /** @returns the queues of which all that was tried went out, and that hold more */
  private tryQueues(queues: readonly PeerQueue[], now: number): PeerQueue[] {
    const texts: (string | Uint8Array)[] = []
    const peers: Peer[] = []
    const owners: PeerQueue[] = []
    // In turns: where the send buffer is full, no peer may take all the room.
    for (let index = 0; index < TRIED_AT_ONCE; index++) {
      for (const queue of queues) {
        const reply = queue.at(index)
        // One is enough to see whether a peer that took nothing has room now.
        if (reply === undefined || (index > 0 && queue.isStuck)) continue
        texts.push(reply.text)
        peers.push(queue.peer)
        owners.push(queue)
      }
    }
    const socket = this.sockets.current
    socket.send(texts, peers)
    // A copy: what follows may lead to another `send`.
    const results = socket.results.slice(0, texts.length)
    const held = new Set<PeerQueue>()
    for (const [index, queue] of owners.entries()) {
      if (!held.has(queue) && !this.take(queue, results[index] ?? 0, now)) held.add(queue)
    }
    for (const queue of queues) this.afterTry(queue, now)
    return queues.filter((queue) => !held.has(queue) && queue.length > 0)
  }

  /** @returns whether the queue goes on */
  private take(queue: PeerQueue, result: number, now: number): boolean {
    const { peer } = queue
    const fault = result < 0 ? sendFault(result, peer) : undefined
    if (fault === 'no_room') return false
    if (fault === 'peer_gone' || fault === 'no_reply_address') {
      this.giveUp(queue, fault, result)
      return false
    }
    const reply = queue.shift()
    if (reply === undefined) return false
    this.bytes -= costOf(reply)
    queue.advance(now)
    if (fault === undefined) this.outcomes.sent(reply)
    else if (fault === 'too_long') this.replace(peer, reply)
    else this.outcomes.dropped(fault, peer, [reply], result)
    return true
  }

  /** At the end of the queue: those behind it were tried in the same call and may have gone. */
  private replace(peer: Peer, reply: WaitingReply): void {
    const error = this.outcomes.replacement(peer, reply)
    if (error !== undefined) this.add(peer, error)
  }

  private afterTry(queue: PeerQueue, now: number): void {
    const { key, isConnected } = queue.peer
    // Given up meanwhile.
    if (this.byKey.get(key) !== queue) return
    if (queue.length === 0) {
      this.byKey.delete(key)
      return
    }
    if (queue.hasStalled(now, this.limits.socketTimeout)) {
      // The queue of a connected peer has no bound: what is full is the buffer of the socket that it is connected to.
      this.giveUp(queue, isConnected || this.sockets.isFull() ? 'send_buffer_full' : 'peer_stalled')
      return
    }
    if (queue.hasAdvanced(now)) {
      // To the end: where the send buffer is full, those who got nothing are first the next time.
      this.byKey.delete(key)
      this.byKey.set(key, queue)
    }
    queue.pause(now)
  }

  private giveUp(queue: PeerQueue, reason: DropReason, result?: number | undefined): void {
    this.byKey.delete(queue.peer.key)
    this.bytes -= queue.bytes
    const replies = queue.clear()
    if (replies.length > 0) this.outcomes.dropped(reason, queue.peer, replies, result)
    if (this.byKey.size > 0) return
    this.stopTimer()
    this.onEmpty?.()
  }

  private wakeAt(time: number): void {
    if (time >= this.timerAt) return
    clearTimeout(this.timer)
    this.timerAt = time
    this.timer = setTimeout(this.onTimer, Math.max(1, Math.ceil(time - performance.now())))
  }
}
