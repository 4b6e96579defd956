import { randomUUID } from 'node:crypto'
import { constants } from 'node:os'
import type { MiLogger } from '@mi/contract'
import { type DatagramPeer, type DatagramSocket, openDatagram } from '@mi/posix'
import type { Peer } from './peer.js'
import { UNIX_SEND_BUFFER } from './system-limit.js'

/** How often a listening socket that was full is looked at again. */
const RETURN_MS = 1_000

/** What replies are sent with. */
export type ReplySocket = Pick<DatagramSocket<Peer>, 'send' | 'results'>

/**
 * The sockets that replies go out of: the listening one, and over UNIX sockets another one while that is full.
 *
 * Linux charges a datagram to its sender's buffer until it is read, and a peer may leave some eleven replies unread as long
 * as it likes. A few such peers fill the buffer, and then nobody gets a reply from this socket. Another socket has a buffer
 * of its own. OpenSIPS always replies from another socket than it listens on. A peer that is connected to the listening
 * socket receives from that one alone, and has to wait.
 */
export class ReplySockets {
  /** What to send with now. */
  current: ReplySocket
  /** Nothing was sent with it yet, and nobody knows its name: a message to it shows whether a sender is full. */
  private fresh: DatagramSocket | undefined
  private relief: ReliefSocket | undefined
  private isOpening = false
  private hasFailed = false
  private isClosed = false
  private returning: NodeJS.Timeout | undefined

  /** @param onRoom called after a change, when there is a further socket to change to: many peers may fill each at once */
  constructor(
    private readonly listening: DatagramSocket<Peer>,
    private readonly log: MiLogger,
    private readonly onRoom: () => void,
  ) {
    this.current = listening
  }

  /**
   * To be called when replies begin to wait. Over UDP it is the socket's own buffer that is full, and the system reports when
   * it no longer is; over UNIX sockets nothing reports it, and another socket may be needed soon.
   */
  awaitRoom(): void {
    if (this.listening.address.type === 'unix') this.open()
    else this.listening.awaitWritable()
  }

  /** Whether it is the buffer of `current` that has no room, and not the queues of peers. */
  isFull(): boolean {
    return this.relief === undefined ? this.hasNoRoom(this.listening) : this.hasNoRoom(this.relief.socket)
  }

  /** Changes `current` when its buffer is full. To be called when peers take nothing for a while, which may have two causes. */
  leaveFull(): void {
    if (this.fresh === undefined || !this.isFull()) return
    this.relief?.socket.close()
    this.relief = new ReliefSocket(this.fresh, this.listening)
    this.current = this.relief
    this.fresh = undefined
    this.returning ??= setInterval(this.goBack, RETURN_MS)
    this.open()
  }

  close(): void {
    this.isClosed = true
    clearInterval(this.returning)
    this.relief?.socket.close()
    this.fresh?.close()
  }

  private readonly goBack = (): void => {
    if (this.fresh === undefined || this.hasNoRoom(this.listening)) return
    clearInterval(this.returning)
    this.returning = undefined
    this.relief?.socket.close()
    this.relief = undefined
    this.current = this.listening
  }

  private hasNoRoom<P extends DatagramPeer>(socket: DatagramSocket<P>): boolean {
    const { fresh } = this
    if (fresh === undefined) return false
    return socket.send(['?'], [socket.peer(fresh.address)]) > 0 && socket.results[0] === -constants.errno.EAGAIN
  }

  private take(socket: DatagramSocket): void {
    if (this.isClosed) {
      socket.close()
      return
    }
    this.fresh = socket
    // In a later turn, so that requests are read between two changes.
    if (this.relief !== undefined) setImmediate(() => this.isClosed || this.onRoom())
  }

  private open(): void {
    // Elsewhere there are no abstract names, and a datagram is charged to the peer that does not read it.
    if (this.isOpening || this.fresh !== undefined || process.platform !== 'linux') return
    this.isOpening = true
    openDatagram({
      bind: { type: 'unix', path: `\0mi-reply-${randomUUID()}` },
      sendBufferBytes: UNIX_SEND_BUFFER,
      maxBatch: 1,
      maxMessageBytes: 1,
      // Only for the messages of `hasNoRoom` to be read.
      onBatch: () => undefined,
    }).then(
      (socket) => {
        this.isOpening = false
        this.take(socket)
      },
      (err: unknown) => {
        this.isOpening = false
        // Not at each try, which there are many of.
        if (this.hasFailed) return
        this.hasFailed = true
        this.log.warn({ err }, 'cannot open another socket to reply from; peers that read nothing may hold up others')
      },
    )
  }
}

/** Sends to peers from a socket of its own, and to those that are connected to the listening one from that. */
class ReliefSocket implements ReplySocket {
  results = new Int32Array(0)

  constructor(
    readonly socket: DatagramSocket,
    private readonly listening: DatagramSocket<Peer>,
  ) {}

  send(messages: readonly (string | Uint8Array)[], peers: readonly Peer[]): number {
    this.results = new Int32Array(messages.length)
    const all = [...messages.keys()]
    this.sendSome(
      this.socket,
      all.filter((index) => peers[index]?.isConnected === false),
      messages,
      peers,
    )
    for (const index of all) {
      const peer = peers[index]
      // It may also have gone: the listening socket is then refused too.
      if (peer !== undefined && this.results[index] === -constants.errno.EPERM) peer.isConnected = true
    }
    this.sendSome(
      this.listening,
      all.filter((index) => peers[index]?.isConnected === true),
      messages,
      peers,
    )
    return this.results.filter((result) => result < 0).length
  }

  private sendSome(
    socket: ReplySocket,
    indexes: readonly number[],
    messages: readonly (string | Uint8Array)[],
    peers: readonly Peer[],
  ): void {
    if (indexes.length === 0) return
    const pick = <T>(values: readonly T[]): T[] => indexes.flatMap((index) => values[index] ?? [])
    socket.send(pick(messages), pick(peers))
    const { results } = socket
    for (const [at, index] of indexes.entries()) this.results[index] = results[at] ?? 0
  }
}
