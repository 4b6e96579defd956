import { createServer, type Server, type Socket } from 'node:net'
import { type Dispatcher, type DispatchSettings, MiError, type ServerTransport } from '@mi/contract'
import { encodeFrame, type Found, FrameReader } from './wire.js'

export interface ReferenceServerOptions {
  readonly path: string
  readonly maxRequestBytes?: number | undefined
  readonly replyTimeoutMs?: number | undefined
  readonly maxReplyBytes?: number | undefined
  /** What becomes of a request over the limit. */
  readonly oversize?: 'answered' | 'counted' | undefined
  readonly provisional?: 'atOnce' | 'withFinal' | 'never' | undefined
}

export interface Connection {
  readonly socket: Socket
  readonly reader: FrameReader
}

/**
 * A small honest server transport over a UNIX stream socket. Its steps are methods of their own, so that the broken ones
 * can each break one.
 */
export class ReferenceServer implements ServerTransport {
  readonly name: string = 'reference'
  readonly address: string
  readonly settings: DispatchSettings = {}
  protected dispatcher: Dispatcher | undefined
  protected closing = false
  protected readonly connections = new Set<Connection>()
  protected readonly options: Required<ReferenceServerOptions>
  private readonly owed = new Set<Promise<void>>()
  private server: Server | undefined
  private closed: Promise<void> | undefined

  constructor(options: ReferenceServerOptions) {
    this.address = options.path
    this.options = {
      path: options.path,
      maxRequestBytes: options.maxRequestBytes ?? 1_048_576,
      replyTimeoutMs: options.replyTimeoutMs ?? 2000,
      maxReplyBytes: options.maxReplyBytes ?? Number.POSITIVE_INFINITY,
      oversize: options.oversize ?? 'answered',
      provisional: options.provisional ?? 'atOnce',
    }
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    const server = createServer((socket) => this.accept(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(this.listenError(cause)))
      server.listen(this.options.path, resolve)
    })
    this.server = server
    this.dispatcher = dispatcher
    this.closing = false
    this.closed = undefined
  }

  close(): Promise<void> {
    this.closed ??= this.finish()
    return this.closed
  }

  protected listenError(cause: Error): Error {
    return new MiError('MI_LISTEN', `cannot listen on ${this.address}: ${cause.message}; choose another path`, {
      cause,
    })
  }

  protected async finish(): Promise<void> {
    this.closing = true
    const { server } = this
    this.server = undefined
    if (server === undefined) return
    this.stopReading()
    await this.settleOwed()
    await this.release(server)
  }

  protected stopReading(): void {
    for (const { socket } of this.connections) socket.pause()
  }

  protected async settleOwed(): Promise<void> {
    while (this.owed.size > 0) await Promise.all(this.owed)
  }

  protected async release(server: Server): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const { socket } of this.connections) socket.destroySoon()
    await closed
  }

  protected accept(socket: Socket): void {
    const connection: Connection = { socket, reader: new FrameReader(this.options.maxRequestBytes) }
    this.connections.add(connection)
    // What a broken connection costs is counted where an answer is lost.
    socket.on('error', () => undefined)
    socket.on('data', (piece: Buffer) => this.read(connection, piece))
    socket.on('close', () => {
      this.connections.delete(connection)
      if (connection.reader.unfinished) this.drop('unfinished_request')
    })
  }

  protected read(connection: Connection, piece: Buffer): void {
    for (const found of connection.reader.read(piece)) this.found(connection, found)
  }

  protected found(connection: Connection, found: Found): void {
    if (this.closing) return
    if (found.type === 'frame') this.take(connection, found.key, found.text)
    else if (found.type === 'garbage') this.drop('garbage')
    else if (this.options.oversize === 'counted') this.drop('request_too_large')
    else this.owe(this.send(connection, found.key, this.limitText()))
  }

  protected limitText(): string {
    return `413 Request over ${this.options.maxRequestBytes} bytes`
  }

  protected take(connection: Connection, key: string, text: string): void {
    const provisional: string[] = []
    const onProvisional = (early: string): void => {
      if (this.options.provisional === 'atOnce') this.owe(this.send(connection, key, early, true))
      if (this.options.provisional === 'withFinal') provisional.push(early)
    }
    const answer = this.dispatcher?.dispatch(text, { transport: this.name }, { onProvisional }) ?? null
    this.owe(this.reply(connection, key, answer, provisional))
  }

  protected async reply(
    connection: Connection,
    key: string,
    answer: string | null | Promise<string | null>,
    provisional: readonly string[],
  ): Promise<void> {
    const text = await answer
    if (text === null) return
    for (const early of provisional) await this.send(connection, key, early, true)
    if (Buffer.byteLength(text) > this.options.maxReplyBytes) this.drop('reply_too_large')
    else await this.send(connection, key, text)
  }

  /** Resolves when the answer is with the system, or counted as dropped. */
  protected send({ socket }: Connection, key: string, text: string, provisional = false): Promise<void> {
    return new Promise((resolve) => {
      let late = false
      const timer = setTimeout(() => {
        late = true
        socket.destroy()
      }, this.options.replyTimeoutMs)
      socket.write(encodeFrame({ key, text, provisional }), (error) => {
        clearTimeout(timer)
        // A socket that is destroyed in the middle of a write calls back without an error.
        if (error || socket.destroyed) this.drop(late ? 'slow_peer' : 'peer_gone')
        resolve()
      })
    })
  }

  protected drop(reason: string): void {
    this.dispatcher?.drop(reason)
  }

  protected owe(work: Promise<void>): void {
    const settled = work.finally(() => this.owed.delete(settled))
    this.owed.add(settled)
  }
}
