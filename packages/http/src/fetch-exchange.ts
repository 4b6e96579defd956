import type { Engine } from './endpoint.js'
import {
  type BodySink,
  type ConnectionFacts,
  type EventStream,
  type Exchange,
  PeerGone,
  STREAM_HEADERS,
} from './exchange.js'
import type { HttpReply } from './refusal.js'

/** So much of a stream may wait before the rest is held back. */
const FULL_BYTES = 65_536

/** A `Request` of fetch, and the `Response` to it. */
export class FetchExchange implements Exchange {
  readonly connection: ConnectionFacts
  readonly response: Promise<Response>
  readonly target: string
  readonly host: string | undefined
  private readonly respond: (response: Response) => void

  constructor(
    private readonly request: Request,
    address: string | undefined,
    private readonly engine: Pick<Engine, 'drop'>,
  ) {
    const { pathname, search, protocol, host } = new URL(request.url)
    this.target = pathname + search
    this.host = request.headers.get('host') ?? host
    // The port is not known.
    const source = address === undefined ? undefined : { address, port: 0 }
    this.connection = { isEncrypted: protocol === 'https:', source, destination: undefined, subject: undefined }
    let respond: (response: Response) => void = () => undefined
    this.response = new Promise((resolve) => {
      respond = resolve
    })
    this.respond = respond
  }

  get method(): string {
    return this.request.method
  }

  get signal(): AbortSignal {
    return this.request.signal
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? undefined
  }

  async readBody(body: BodySink): Promise<void> {
    const reader = this.request.body?.getReader()
    if (reader === undefined) return
    const givenUp = new Promise<never>((_, reject) => {
      body.onGivenUp = reject
    })
    givenUp.catch(() => undefined)
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read().catch(peerGone), givenUp])
        if (done) return
        body.add(value)
      }
    } catch (error) {
      // The rest is not wanted; whether the server reads it is its own matter.
      reader.cancel().catch(() => undefined)
      // Nobody may read this, but the server waits for it.
      if (error instanceof PeerGone) this.respond(new Response(null, { status: 400 }))
      throw error
    }
  }

  send({ status, type, body, headers }: HttpReply): void {
    if (this.signal.aborted && body !== '') this.engine.drop('peer_gone', { bytes: Buffer.byteLength(body) })
    const all = new Headers(headers)
    if (type !== undefined) all.set('Content-Type', type)
    const isEmpty = status === 204 || this.method === 'HEAD'
    this.respond(new Response(isEmpty ? null : body, { status, headers: all }))
  }

  openStream(headers: HttpReply['headers']): EventStream {
    const encoder = new TextEncoder()
    let isOpen = true
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    const close = (): void => {
      if (!isOpen) return
      isOpen = false
      stream.onGone?.()
    }
    const body = new ReadableStream<Uint8Array>(
      {
        start: (given) => {
          controller = given
        },
        pull: () => stream.onDrain?.(),
        cancel: close,
      },
      { highWaterMark: 0, size: (piece) => piece?.length ?? 0 },
    )
    const stream: EventStream = {
      write: (text) => {
        if (isOpen) controller?.enqueue(encoder.encode(text))
      },
      get waiting() {
        return -(controller?.desiredSize ?? 0)
      },
      get isFull() {
        return this.waiting >= FULL_BYTES
      },
      end: () => {
        if (isOpen) controller?.close()
        isOpen = false
      },
      giveUp: () => {
        this.engine.drop('peer_stalled', { bytes: stream.waiting })
        if (isOpen) controller?.error(new Error('the peer does not read'))
        isOpen = false
      },
      onGone: undefined,
      onDrain: undefined,
    }
    this.signal.addEventListener('abort', close, { once: true })
    this.respond(new Response(body, { status: 200, headers: { ...STREAM_HEADERS, ...headers } }))
    return stream
  }
}

function peerGone(): never {
  throw new PeerGone('peer_gone')
}
