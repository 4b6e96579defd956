import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { errorCode } from '@mi/internal/error-text'
import { GrowingBuffer } from '@mi/internal/growing-buffer'
import type { BodySink, Exchange } from './exchange.js'
import { quoted, Refusal, tooLarge } from './refusal.js'

const unzip: (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer> = promisify(gunzip)

/** JSON and, as mi_http takes it, text/xml. A form of a foreign page can send none of these without being asked. */
const TYPES: ReadonlySet<string> = new Set(['application/json', 'application/json-rpc', 'application/xml', 'text/xml'])

const USE_JSON = "send the header Content-Type: application/json, with curl -H 'Content-Type: application/json'"

/** Packed bodies of one address that may wait to be unpacked. */
const MOST_PACKED_OF_ONE = 32

/** Bodies that are arriving, or wait to be unpacked. They share a limit, so that many slow senders together cannot fill the memory. */
export class RequestBodies {
  private readonly arriving = new Set<ArrivingBody>()
  private pendingBytes = 0
  /** One at a time: what each unpacks to is then no matter for the memory. */
  private unpacking: Promise<unknown> = Promise.resolve()
  /** Those that wait for that or are unpacked, by address. */
  private readonly packed = new Map<string | undefined, number>()

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

  /**
   * @param address whose body it is, where that is known
   * @throws Refusal; PeerGone
   */
  async read(exchange: Exchange, address: string | undefined): Promise<string> {
    const body = new ArrivingBody(this.maxRequestBytes, (count) => this.grow(count))
    this.arriving.add(body)
    try {
      await exchange.readBody(body)
      const encoding = exchange.header('content-encoding')
      const isPacked = encoding !== undefined && isGzip(encoding)
      return (isPacked ? await this.unpackInTurn(body, address) : body.take()).toString()
    } finally {
      this.release(body)
    }
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

  private async unpackInTurn(body: ArrivingBody, address: string | undefined): Promise<Buffer> {
    const packed = this.packed.get(address) ?? 0
    if (address !== undefined && packed >= MOST_PACKED_OF_ONE) {
      throw new Refusal(
        503,
        'too_many_pending',
        `${packed} bodies of this address wait to be unpacked already: try again in a second, or send them plain`,
        { 'Retry-After': '1' },
      )
    }
    this.packed.set(address, packed + 1)
    try {
      return await this.unpack(body)
    } finally {
      const left = (this.packed.get(address) ?? 1) - 1
      if (left > 0) this.packed.set(address, left)
      else this.packed.delete(address)
    }
  }

  private unpack(body: ArrivingBody): Promise<Buffer> {
    const unpacked = this.unpacking.then(async () => {
      const bytes = body.take()
      // It cannot be given up any more, but counts until it is unpacked.
      this.arriving.delete(body)
      try {
        return await unzip(bytes, { maxOutputLength: this.maxRequestBytes })
      } catch (error) {
        if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(this.maxRequestBytes)
        throw new Refusal(400, 'bad_request', 'the body is not gzip, although its Content-Encoding says so')
      } finally {
        this.pendingBytes -= body.length
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
  private refusal: Refusal | undefined
  private readonly bytes: GrowingBuffer

  constructor(
    private readonly maxBytes: number,
    private readonly grow: (count: number) => void,
  ) {
    this.bytes = new GrowingBuffer(maxBytes)
  }

  add(piece: Uint8Array): void {
    if (this.refusal !== undefined) return
    if (!this.bytes.push(asBuffer(piece))) throw tooLarge(this.maxBytes)
    this.length += piece.length
    this.grow(piece.length)
  }

  giveUp(refusal: Refusal): void {
    this.refusal = refusal
    this.bytes.take()
    this.onGivenUp?.(refusal)
  }

  /** @throws Refusal when it was given up */
  take(): Buffer {
    if (this.refusal !== undefined) throw this.refusal
    return this.bytes.take()
  }
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length)
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
