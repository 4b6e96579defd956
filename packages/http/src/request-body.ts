import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { errorCode } from '@mi/internal/error-text'
import type { BodySink, Exchange } from './exchange.js'
import { quoted, Refusal, tooLarge } from './refusal.js'

const unzip: (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer> = promisify(gunzip)

/** JSON and, as mi_http takes it, text/xml. A form of a foreign page can send none of these without being asked. */
const TYPES: ReadonlySet<string> = new Set(['application/json', 'application/json-rpc', 'application/xml', 'text/xml'])

const USE_JSON = "send the header Content-Type: application/json, with curl -H 'Content-Type: application/json'"

/** Bodies that are arriving. They share a limit, so that many slow senders together cannot fill the memory. */
export class RequestBodies {
  private readonly arriving = new Set<ArrivingBody>()
  private pendingBytes = 0
  /** One at a time: what each unpacks to is then no matter for the memory. */
  private unpacking: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly maxRequestBytes: number,
    private readonly maxPendingRequestBytes: number,
  ) {}

  /** What the headers say, before any of the body is read. @throws Refusal */
  checkHeaders(exchange: Exchange): void {
    const contentType = exchange.header('content-type')
    // The usual one first: this runs for every request.
    if (contentType !== 'application/json') checkType(contentType)
    const encoding = exchange.header('content-encoding')
    if (encoding !== undefined && !isPlain(encoding) && !isGzip(encoding)) {
      throw new Refusal(415, 'wrong_type', `the body has the encoding ${quoted(encoding)}: send it plain or as gzip`, {
        'Accept-Encoding': 'gzip',
      })
    }
    const length = exchange.header('content-length')
    if (length !== undefined && Number(length) > this.maxRequestBytes) throw tooLarge(this.maxRequestBytes)
  }

  /** @throws Refusal; PeerGone */
  async read(exchange: Exchange): Promise<string> {
    const body = new ArrivingBody(this.maxRequestBytes, (count) => this.grow(count))
    this.arriving.add(body)
    try {
      await exchange.readBody(body)
    } finally {
      this.release(body)
    }
    const encoding = exchange.header('content-encoding')
    const isPacked = encoding !== undefined && isGzip(encoding)
    return (isPacked ? await this.unpack(body.bytes) : body.bytes).toString()
  }

  /** Above the limit the largest body is given up: who sends little gets through. */
  private grow(count: number): void {
    this.pendingBytes += count
    while (this.pendingBytes > this.maxPendingRequestBytes) {
      const [largest] = [...this.arriving].sort((a, b) => b.length - a.length)
      if (largest === undefined) return
      this.release(largest)
      largest.giveUp(
        new Refusal(
          503,
          'too_many_pending',
          `${this.maxPendingRequestBytes} bytes of requests are on their way already (maxPendingRequestBytes): try again in a second`,
          { 'Retry-After': '1' },
        ),
      )
    }
  }

  private release(body: ArrivingBody): void {
    if (this.arriving.delete(body)) this.pendingBytes -= body.length
  }

  private unpack(bytes: Buffer): Promise<Buffer> {
    const unpacked = this.unpacking.then(async () => {
      try {
        return await unzip(bytes, { maxOutputLength: this.maxRequestBytes })
      } catch (error) {
        if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(this.maxRequestBytes)
        throw new Refusal(400, 'bad_request', 'the body is not gzip, although its Content-Encoding says so')
      }
    })
    this.unpacking = unpacked.catch(() => undefined)
    return unpacked
  }
}

/** What has arrived of one body. */
class ArrivingBody implements BodySink {
  length = 0
  onGivenUp: ((refusal: Refusal) => void) | undefined
  private isGivenUp = false
  private readonly pieces: Uint8Array[] = []

  constructor(
    private readonly maxBytes: number,
    private readonly grow: (count: number) => void,
  ) {}

  add(piece: Uint8Array): void {
    if (this.isGivenUp) return
    if (this.length + piece.length > this.maxBytes) throw tooLarge(this.maxBytes)
    this.pieces.push(piece)
    this.length += piece.length
    this.grow(piece.length)
  }

  giveUp(refusal: Refusal): void {
    this.isGivenUp = true
    this.pieces.length = 0
    this.onGivenUp?.(refusal)
  }

  get bytes(): Buffer {
    const [first] = this.pieces
    if (this.pieces.length > 1 || first === undefined) return Buffer.concat(this.pieces)
    return Buffer.isBuffer(first) ? first : Buffer.from(first.buffer, first.byteOffset, first.length)
  }
}

function checkType(contentType: string | undefined): void {
  if (contentType === undefined) throw new Refusal(415, 'wrong_type', `the request has no content type: ${USE_JSON}`)
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim())
  if (!TYPES.has(type.toLowerCase())) {
    throw new Refusal(415, 'wrong_type', `the content type ${quoted(type)} is not accepted: ${USE_JSON}`)
  }
  const charset = parameters.find((each) => /^charset=/i.test(each))?.slice('charset='.length)
  if (charset !== undefined && !/^"?(utf-?8|us-ascii)"?$/i.test(charset)) {
    throw new Refusal(415, 'wrong_type', `the character set ${quoted(charset)} is not accepted: send UTF-8`)
  }
}

function isPlain(encoding: string): boolean {
  return /^\s*(identity)?\s*$/i.test(encoding)
}

function isGzip(encoding: string): boolean {
  return /^\s*(x-)?gzip\s*$/i.test(encoding)
}
