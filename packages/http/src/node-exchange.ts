import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connection, Connections } from './connections.js'
import { type BodySink, type EventStream, type Exchange, PeerGone, STREAM_HEADERS } from './exchange.js'
import type { HttpReply } from './refusal.js'

/** Bytes of a refused request that are read before its connection ends. */
const MOST_DISCARDED = 1_048_576

/** A request of node:http, in a server of ours or of somebody else. */
export class NodeExchange implements Exchange {
  private isOwed = false

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    readonly connection: Connection,
    private readonly connections: Connections,
  ) {}

  get method(): string {
    return this.request.method ?? 'GET'
  }

  get target(): string {
    // Express takes the path that a handler is mounted at off `url`.
    const { originalUrl } = this.request as { readonly originalUrl?: unknown }
    return typeof originalUrl === 'string' ? originalUrl : (this.request.url ?? '/')
  }

  get host(): string | undefined {
    const { headers, httpVersionMinor } = this.request
    return headers.host ?? (httpVersionMinor === 0 ? undefined : '')
  }

  get signal(): AbortSignal {
    return this.connection.signal
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return typeof value === 'object' ? value.join(', ') : value
  }

  readBody(body: BodySink): Promise<void> {
    const { request, connection } = this
    return new Promise((resolve, reject) => {
      const stop = (error: unknown): void => {
        request.off('data', take).off('end', end).off('close', gone)
        reject(error)
      }
      const take = (piece: Buffer): void => {
        try {
          body.add(piece)
        } catch (error) {
          stop(error)
        }
      }
      const end = (): void => {
        request.off('close', gone)
        this.isOwed = true
        connection.owe()
        resolve()
      }
      const gone = (): void => stop(new PeerGone(connection.unreadReason))
      body.onGivenUp = stop
      request.on('data', take).on('end', end).on('close', gone)
    })
  }

  send({ status, type, body, headers }: HttpReply): void {
    const { response, connection, request } = this
    const bytes = Buffer.byteLength(body)
    if (response.destroyed || connection.socket.destroyed) {
      // That a notification was carried out is no loss.
      if (this.isOwed && bytes > 0) this.connections.lost(connection, bytes)
      if (this.isOwed) connection.settled()
      return
    }
    if (response.headersSent) {
      // A stream had begun, and what came after it failed.
      connection.giveUp('peer_gone')
      return
    }
    if (!this.isOwed) this.leaveBody()
    if (connection.endsWithReply) response.shouldKeepAlive = false
    const all: Record<string, string | number> = headers === undefined ? {} : { ...headers }
    if (type !== undefined) all['Content-Type'] = type
    all['Content-Length'] = bytes
    response.writeHead(status, all)
    // node:http keeps the body back where the request is HEAD.
    response.end(body)
    if (response.writableFinished) {
      if (this.isOwed) connection.settled()
      return
    }
    if (!this.isOwed) connection.owe()
    this.connections.waits(connection, response, request.method === 'HEAD' ? 0 : bytes)
  }

  openStream(headers: HttpReply['headers']): EventStream {
    const { response, connection, connections } = this
    if (!this.isOwed) connection.owe()
    if (connection.endsWithReply) response.shouldKeepAlive = false
    response.writeHead(200, { ...STREAM_HEADERS, ...headers })
    response.flushHeaders()
    const stream: EventStream = {
      write: (text) => {
        if (response.destroyed || connection.socket.destroyed) connections.lost(connection, Buffer.byteLength(text))
        else if (!response.write(text)) connections.watch(response, connection)
      },
      get waiting() {
        return response.writableLength
      },
      get isFull() {
        return response.writableNeedDrain
      },
      end: () => {
        const waiting = response.writableLength
        response.end()
        if (response.writableFinished) connection.settled()
        else connections.waits(connection, response, waiting)
      },
      giveUp: () => connection.giveUp('peer_stalled'),
      // Only where somebody waits for it: many requests of one connection would be as many listeners.
      set onGone(gone: (() => void) | undefined) {
        if (gone !== undefined) connection.signal.addEventListener('abort', gone, { once: true })
      },
      onDrain: undefined,
    }
    // After `connections.watch` has seen it: it then watches what is written now.
    response.on('drain', () => queueMicrotask(() => stream.onDrain?.()))
    return stream
  }

  /** The reply goes out before all of the request has come: the rest is read and thrown away, so that the peer reads the reply. */
  private leaveBody(): void {
    const { request, connection } = this
    if (request.complete) return
    let left = MOST_DISCARDED
    request.on('data', (piece: Buffer) => {
      left -= piece.length
      if (left < 0) connection.end(undefined)
    })
  }
}
