import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { IpEndpoint } from '@mi/contract'
import type { Engine } from './endpoint.js'
import type { ConnectionFacts, LostReason } from './exchange.js'
import type { ReplyLimits } from './options.js'
import { certificateSubject } from './tls.js'

/** The connections of one server, and what waits for their peers. */
export class Connections {
  private readonly bySocket = new WeakMap<Socket, Connection>()
  /** Those that are open; the one that was used last at the end. */
  private readonly open = new Set<Connection>()
  private pendingBytes = 0

  constructor(
    private readonly engine: Pick<Engine, 'drop'>,
    private readonly limits: ReplyLimits,
    private readonly maxConnections: number = Number.POSITIVE_INFINITY,
  ) {}

  /** The connection of a socket; a socket that is new may take the place of an idle one. */
  of(socket: Socket): Connection {
    const known = this.bySocket.get(socket)
    if (known !== undefined) return known
    const connection = new Connection(socket, this)
    this.bySocket.set(socket, connection)
    this.open.add(connection)
    if (this.open.size > this.maxConnections) this.makeRoom(connection)
    return connection
  }

  /** Ends each connection, at once or when it has its replies. */
  close(): void {
    for (const connection of [...this.open]) connection.endWhenAnswered()
  }

  used(connection: Connection): void {
    // The order matters when they become many, and costs something.
    if (this.open.size * 2 < this.maxConnections) return
    this.open.delete(connection)
    this.open.add(connection)
  }

  closed(connection: Connection): void {
    this.open.delete(connection)
    this.engine.drop(
      connection.lostReason,
      { peer: connection.address, bytes: connection.pendingBytes },
      connection.unsent,
    )
    this.pendingBytes -= connection.pendingBytes
  }

  /** A reply to a peer that has gone before it was made. */
  lost(connection: Connection, bytes: number): void {
    this.engine.drop(connection.lostReason, { peer: connection.address, bytes })
  }

  /** A reply that the system did not take at once. */
  waits(connection: Connection, response: ServerResponse, bytes: number): void {
    const { maxPendingReplyBytes, maxPendingReplyBytesPerPeer, replyTimeoutMs } = this.limits
    connection.pendingBytes += bytes
    this.pendingBytes += bytes
    connection.unsent++
    if (connection.pendingBytes > maxPendingReplyBytesPerPeer || this.pendingBytes > maxPendingReplyBytes) {
      connection.end('too_many_pending')
      return
    }
    // Behind another reply of this connection, it is not the peer that one waits for. The timer starts anew with each piece taken.
    const watch = (): void => void connection.socket.setTimeout(replyTimeoutMs)
    if (response.socket === null) response.once('socket', watch)
    else watch()
    response.once('finish', () => {
      // Node.js says so of replies to ended connections too, which `closed` counts.
      if (connection.socket.destroyed) return
      connection.pendingBytes -= bytes
      this.pendingBytes -= bytes
      connection.unsent--
      connection.settled()
      // Else the timer is that of an idle connection by now.
      if (connection.owed > 0) connection.socket.setTimeout(0)
    })
  }

  /** A reply without an end that the system does not take at once: its peer has as long as others. */
  watch(response: ServerResponse, connection: Connection): void {
    if (response.socket === null || connection.isWatched) return
    connection.isWatched = true
    connection.socket.setTimeout(this.limits.replyTimeoutMs)
    response.once('drain', () => {
      connection.isWatched = false
      connection.socket.setTimeout(0)
    })
  }

  /** The one that nobody owes a reply ends, the longest unused first; without such a one it is the new one. */
  private makeRoom(newest: Connection): void {
    let victim = newest
    for (const connection of this.open) {
      if (connection.owed > 0) continue
      victim = connection
      break
    }
    this.engine.drop('too_many_connections', { peer: victim.address, limit: this.maxConnections })
    victim.end(undefined)
  }
}

/** One connection of node:http, from its first request or earlier until it has closed. */
export class Connection implements ConnectionFacts {
  /** Requests that were read, and whose replies have not left in full. */
  owed = 0
  /** Replies that were handed over and have not left in full, and their bytes. */
  unsent = 0
  pendingBytes = 0
  /** Events wait for the peer. */
  isWatched = false
  readonly isEncrypted: boolean
  readonly source: IpEndpoint | undefined
  readonly destination: IpEndpoint | undefined
  readonly subject: string | undefined
  private readonly gone = new AbortController()
  private endedBy: LostReason | undefined | 'counted'
  private isLast = false
  private lastWords: string | undefined

  constructor(
    readonly socket: Socket,
    private readonly all: Connections,
  ) {
    this.isEncrypted = 'encrypted' in socket && socket.encrypted === true
    this.source = endpoint(socket.remoteAddress, socket.remotePort)
    this.destination = endpoint(socket.localAddress, socket.localPort)
    this.subject = certificateSubject(socket)
    socket.on('timeout', () => {
      if (this.unsent > 0) this.endedBy ??= 'peer_stalled'
      else if (this.isWatched) this.giveUp('peer_stalled')
    })
    socket.once('close', () => {
      this.all.closed(this)
      this.gone.abort()
    })
  }

  get signal(): AbortSignal {
    return this.gone.signal
  }

  get address(): string | undefined {
    return this.source && `${this.source.address}:${this.source.port}`
  }

  /** Why replies cannot be sent any more. */
  get lostReason(): LostReason {
    return this.endedBy === 'counted' || this.endedBy === undefined ? 'peer_gone' : this.endedBy
  }

  /** Why a request did not arrive in full; undefined where that was counted already. */
  get unreadReason(): LostReason | undefined {
    return this.endedBy === 'counted' ? undefined : this.lostReason
  }

  get isEnding(): boolean {
    return this.isLast
  }

  /** Whether the next reply is the last thing that is said. */
  get endsWithReply(): boolean {
    return this.isLast && this.lastWords === undefined
  }

  /** A request has arrived in full. */
  owe(): void {
    this.owed++
    this.all.used(this)
  }

  settled(): void {
    this.owed--
    if (this.owed === 0 && this.isLast) this.sayLastWords()
  }

  /** @param reason undefined where what is lost was counted already */
  end(reason: LostReason | undefined): void {
    this.endedBy ??= reason ?? 'counted'
    this.socket.destroy()
  }

  /** Ends in the middle of a reply, which is counted. */
  giveUp(reason: LostReason): void {
    this.unsent++
    this.end(reason)
  }

  /** @param lastWords a reply to what was no request */
  endWhenAnswered(lastWords?: string): void {
    this.isLast = true
    this.lastWords ??= lastWords
    if (this.owed === 0) this.sayLastWords()
  }

  private sayLastWords(): void {
    if (this.lastWords === undefined) {
      this.endedBy ??= 'closed'
    } else {
      this.endedBy ??= 'counted'
      this.socket.write(this.lastWords)
    }
    this.socket.destroySoon()
  }
}

function endpoint(address: string | undefined, port: number | undefined): IpEndpoint | undefined {
  return address === undefined || port === undefined ? undefined : { address, port }
}
