import { connect, type Socket } from 'node:net'
import { type ClientMessage, type ClientTransport, MiError, type RequestSignal } from '@mi/contract'
import { encodeFrame, type Frame, FrameReader } from './wire.js'

export interface Waiting {
  readonly message: ClientMessage
  readonly resolve: (text: string | null) => void
  readonly reject: (error: unknown) => void
}

/** A small honest client transport for the same wire: one connection, made when it is needed, for all requests. */
export class ReferenceClient implements ClientTransport {
  readonly name: string = 'reference'
  protected readonly waiting = new Map<string, Waiting>()
  protected socket: Socket | undefined
  protected isClosed = false
  private nextKey = 1

  constructor(protected readonly path: string) {}

  async request(message: ClientMessage): Promise<string | null> {
    this.checkSignal(message.signal)
    const key = String(this.nextKey++)
    const answer = this.track(key, message)
    try {
      this.connection().write(encodeFrame({ key, text: message.text, provisional: false }), (error) => {
        if (error) return
        message.onSent?.()
        if (message.ids.length === 0) this.waiting.get(key)?.resolve(null)
      })
      return await answer
    } finally {
      this.forget(key)
    }
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.disconnect()
  }

  protected async disconnect(): Promise<void> {
    const { socket } = this
    this.socket = undefined
    if (socket === undefined || socket.closed) return
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.destroy()
    await closed
  }

  protected checkSignal(signal: RequestSignal): void {
    signal.throwIfAborted()
  }

  protected track(key: string, message: ClientMessage): Promise<string | null> {
    return new Promise((resolve, reject) => {
      const { signal } = message
      const onAbort = (): void => settle(() => reject(this.abortError(signal)))
      const settle = (how: () => void): void => {
        signal.removeEventListener('abort', onAbort)
        how()
      }
      signal.addEventListener('abort', onAbort)
      this.waiting.set(key, {
        message,
        resolve: (text) => settle(() => resolve(text)),
        reject: (error) => settle(() => reject(error)),
      })
    })
  }

  protected abortError(signal: RequestSignal): unknown {
    return signal.reason
  }

  protected connectionError(cause: Error | undefined): Error {
    const why = cause?.message ?? 'the server closed the connection'
    return new MiError('MI_CONNECTION', `no server at ${this.path}: ${why}; is it running?`, { cause })
  }

  protected forget(key: string): void {
    this.waiting.delete(key)
  }

  protected failAll(error: Error): void {
    for (const { reject } of [...this.waiting.values()]) reject(error)
  }

  protected connection(): Socket {
    if (this.socket !== undefined && !this.socket.destroyed) return this.socket
    const socket = connect(this.path)
    const reader = new FrameReader(Number.POSITIVE_INFINITY)
    this.socket = socket
    let cause: Error | undefined
    socket.on('error', (error) => {
      cause = error
    })
    socket.on('data', (piece: Buffer) => {
      for (const found of reader.read(piece)) if (found.type === 'frame') this.arrived(found)
    })
    socket.on('close', () => this.lost(socket, cause))
    return socket
  }

  /** A later connection has requests of its own: only those of the current one have lost their server. */
  protected lost(socket: Socket, cause: Error | undefined): void {
    if (this.socket === socket) this.failAll(this.connectionError(cause))
  }

  protected arrived({ key, provisional, text }: Frame): void {
    const request = this.waiting.get(key)
    if (provisional) request?.message.onProvisional?.(text)
    else request?.resolve(text)
  }
}
