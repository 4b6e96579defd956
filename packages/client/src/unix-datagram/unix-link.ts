import { chmodSync, lstatSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { getSystemErrorName } from 'node:util'
import type { DatagramBatch, DatagramPeer, DatagramSocket } from '@mi/posix'
import type { Call } from '../datagram/call.js'
import type { Link, LinkEvents } from '../datagram/link.js'
import type { Posix } from '../find-posix.js'
import { LiveFiles } from '../live-files.js'
import { replySocketError, serverSocketError } from './connection-error.js'
import { maxAnswerBytes, type ResolvedUnixDatagramOptions } from './options.js'
import { newReplySocketName } from './reply-socket-name.js'

/** Between two tries to send to a server whose queue is full, in milliseconds: at first, and at most. */
const firstPauseMs = 1
const longestPauseMs = 16

/** How many messages are tried at once: a queue holds about 10. */
const maxTried = 16

/** What a queue without room is told as: by Linux, and by the BSDs. */
const noRoom: ReadonlySet<number> = new Set([-constants.errno.EAGAIN, -constants.errno.ENOBUFS])

/** One for the process, since the events of the process are too: each listener of its own would soon be one too many. */
const liveSockets = new LiveFiles()

/**
 * Makes the reply socket. It is not connected to the server's: OpenSIPS answers from another socket than it listens
 * on, and the system lets nobody but the peer send to a connected one (EPERM). So each message is sent to the path,
 * which also finds a server that was started again.
 */
export async function openUnixLink(
  posix: Pick<Posix, 'openDatagram'>,
  { path, replyDir, replyMode }: Omit<ResolvedUnixDatagramOptions, 'limits'>,
  events: LinkEvents,
  signal: AbortSignal,
): Promise<Link> {
  signal.throwIfAborted()
  const replyPath = join(replyDir, newReplySocketName())
  liveSockets.add(replyPath)
  let link: UnixLink | undefined
  let socket: DatagramSocket | undefined
  try {
    socket = await posix.openDatagram({
      bind: { type: 'unix', path: replyPath },
      mode: replyMode,
      maxMessageBytes: maxAnswerBytes,
      onBatch: (batch) => link?.take(batch),
    })
    // The umask may have taken bits away.
    if ((lstatSync(replyPath).mode & 0o777) !== replyMode) chmodSync(replyPath, replyMode)
    signal.throwIfAborted()
    link = new UnixLink(socket, replyPath, path, events)
    return link
  } catch (cause) {
    socket?.close()
    liveSockets.remove(replyPath)
    throw signal.aborted ? signal.reason : replySocketError(replyPath, cause)
  }
}

class UnixLink implements Link {
  /** What waits for room in the server's queue. */
  private readonly outbox = new Set<Call>()
  private readonly server: DatagramPeer
  private readonly text: string[] = ['']
  private readonly peer: readonly DatagramPeer[]
  private timer: NodeJS.Timeout | undefined
  private pauseMs = firstPauseMs
  private isClosed = false

  constructor(
    private readonly socket: DatagramSocket,
    private readonly replyPath: string,
    private readonly serverPath: string,
    private readonly events: LinkEvents,
  ) {
    this.server = socket.peer({ type: 'unix', path: serverPath })
    this.peer = [this.server]
  }

  send(call: Call): void {
    if (this.outbox.size > 0) {
      this.outbox.add(call)
      return
    }
    this.text[0] = call.message.text
    const failed = this.socket.send(this.text, this.peer)
    const result = failed === 0 ? 0 : (this.socket.results[0] ?? 0)
    if (noRoom.has(result)) {
      this.outbox.add(call)
      this.wait()
    } else {
      this.told(call, result)
    }
  }

  withdraw(call: Call): boolean {
    if (!this.outbox.delete(call)) return false
    if (this.outbox.size === 0) this.stopWaiting()
    return true
  }

  close(): void {
    this.isClosed = true
    this.stopWaiting()
    this.outbox.clear()
    this.socket.close()
    liveSockets.remove(this.replyPath)
  }

  take({ texts }: DatagramBatch): void {
    for (const text of texts) {
      if (this.isClosed) return
      this.events.received(text)
    }
    // Whoever has answered has read: there may be room.
    if (this.outbox.size > 0) this.flush()
  }

  /** Nothing tells that the queue of another UNIX socket has room: it is tried, after longer and longer pauses. */
  private wait(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.pauseMs = Math.min(2 * this.pauseMs, longestPauseMs)
      this.flush()
    }, this.pauseMs)
  }

  private stopWaiting(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.pauseMs = firstPauseMs
  }

  private flush(): void {
    while (this.outbox.size > 0 && !this.isClosed) {
      const tried = firstOf(this.outbox, maxTried)
      this.socket.send(
        tried.map(({ message }) => message.text),
        tried.map(() => this.server),
      )
      // Copied: those who are told may send more, which overwrites them.
      const results = tried.map((_, index) => this.socket.results[index] ?? 0)
      const settled = tried.map((call, index) => !noRoom.has(results[index] ?? 0) && this.outbox.delete(call))
      if (settled.includes(true)) this.pauseMs = firstPauseMs
      for (const [index, call] of tried.entries()) {
        if (settled[index] === true && !this.isClosed) this.told(call, results[index] ?? 0)
      }
      if (settled.includes(false)) break
    }
    if (this.outbox.size > 0) this.wait()
    else this.stopWaiting()
  }

  private told(call: Call, result: number): void {
    if (result >= 0) {
      this.events.sent(call)
      return
    }
    const error = serverSocketError(this.serverPath, getSystemErrorName(result))
    this.events.failed(call, error)
    // The socket is there and dead: whoever had it will not answer the calls before this one either.
    if (result === -constants.errno.ECONNREFUSED) this.events.refused(error)
  }
}

function firstOf<T>(all: Iterable<T>, count: number): T[] {
  const first: T[] = []
  for (const each of all) {
    if (first.length === count) break
    first.push(each)
  }
  return first
}
