import { isAscii, isUtf8 } from 'node:buffer'
import { JsonScanner } from '@mi/internal/json-scanner'

/** What the framing finds in the stream. Names are '' where the request asks for no reply. */
export interface FramingEvents {
  /** A whole request. That it is JSON throughout is for the receiver to see. */
  request(replyName: string, text: string): void
  /** A request that cannot be JSON: it is to be answered so. */
  broken(replyName: string, reason: BrokenReason): void
  /** A request over the limit; said once, when that is known. The rest of it is skipped. */
  tooLarge(replyName: string): void
  /** Bytes that are no request and name no reply FIFO. */
  garbage(reason: GarbageReason): void
}

export type BrokenReason = 'not_json' | 'trailing_text' | 'not_utf8' | 'unfinished'
export type GarbageReason = 'no_request' | 'bad_reply_name'

const LINE_FEED = 0x0a
const QUOTE = 0x22
const POINT = 0x2e
const SLASH = 0x2f
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b

/** The longest file name there is. */
const MAX_NAME_BYTES = 255

/** How many places to resume at are remembered in an unfinished request: each may cost reading its rest once more. */
const MAX_RESTARTS = 16

/** A buffer that grew beyond this for a large request is not kept for the next one. */
const LARGEST_KEPT_BUFFER = 65_536

/**
 * Cuts a stream into requests: `':'(reply_fifo)?':'jsonrpc`, in any pieces, many in one piece, with or without newlines
 * between them, JSON over several lines. It opens nothing and keeps no time.
 *
 * After anything that is no request it resumes at the next line that begins with a colon. A read that begins with a
 * colon counts as such a line too where what came before turns out to be broken: a client that died in the middle of a
 * request does not take the next one's request with it.
 *
 * Source: mi_fifo manual, "FIFO command syntax".
 */
export class FifoFraming {
  /** Where the next byte belongs: before a request, in garbage up to the end of a line, in a request's head or JSON. */
  private place: 'between' | 'garbage' | 'head' | 'json' = 'between'
  private readonly scanner = new JsonScanner()
  private replyName = ''
  /** The bytes of the current request from earlier reads, its head included; those let go as too many only counted. */
  private kept = Buffer.alloc(0)
  private keptBytes = 0
  /** Offset in the current request at which its JSON begins. */
  private jsonStart = 0
  private oversize = false
  /** Offsets in the current request of the reads in it that began with a colon: the first few of them. */
  private restarts: number[] = []
  private startedCount = 0
  /** The bytes of the current read as characters, and whether they are ASCII: made once for all the requests in it. */
  private text: string | undefined
  private ascii: boolean | undefined

  constructor(
    private readonly maxRequestBytes: number,
    private readonly events: FramingEvents,
  ) {}

  /**
   * What is unfinished: 0 when nothing is, else a number that differs for each request (or run of garbage) begun.
   */
  get unfinished(): number {
    return this.place === 'between' ? 0 : this.startedCount
  }

  /**
   * Takes one read.
   * @param bytes are read from, never kept: the caller may reuse them
   * @param freshWrite whether the bytes may be the beginning of a write, which they are not when the read before this one
   * was full
   */
  push(bytes: Buffer, freshWrite: boolean): void {
    if (freshWrite && bytes[0] === COLON) {
      if (this.place === 'garbage') this.place = 'between'
      else if (this.place !== 'between' && this.restarts.length < MAX_RESTARTS) this.restarts.push(this.keptBytes)
    }
    if (this.place === 'head') this.again(bytes)
    else this.read(bytes)
  }

  /** A head that came in pieces is short: puts it together and reads it from its beginning. */
  private again(more: Buffer): void {
    const { restarts } = this
    const whole = Buffer.from(this.joined(more, 0))
    this.forget()
    this.place = 'between'
    this.restarts = restarts
    this.startedCount--
    this.read(whole)
  }

  private read(bytes: Buffer): void {
    this.text = undefined
    this.ascii = undefined
    let at = 0
    let start = 0
    while (at < bytes.length) {
      switch (this.place) {
        case 'between':
          at = skipBlank(bytes, at)
          if (at === bytes.length) return
          this.startedCount++
          if (bytes[at] !== COLON) {
            this.events.garbage('no_request')
            this.place = 'garbage'
            break
          }
          start = at
          at = this.endOfUsual(bytes, start)
          if (at === start) this.place = 'head'
          else this.usual(this.asText(bytes), start, at)
          break
        case 'garbage':
          at = bytes.indexOf(LINE_FEED, at)
          if (at === -1) return
          this.place = 'between'
          break
        case 'head':
          at = this.head(bytes, start)
          if (at === bytes.length && this.place === 'head') {
            this.keep(bytes.subarray(start))
            return
          }
          break
        case 'json': {
          const end = this.json(bytes, start, at)
          if (end === undefined) return
          at = end
          start = end
          break
        }
      }
    }
    // A head that ended with the read: its JSON is still to come.
    if (this.place === 'json') this.keep(bytes.subarray(start))
  }

  /** Gives up what is unfinished, and goes on at a read within it that began with a colon. */
  expire(): void {
    const { restarts } = this
    const [resumeAt] = restarts
    const bytes = Buffer.from(this.kept.subarray(0, this.oversize ? 0 : this.keptBytes))
    if (this.place === 'head') this.events.garbage('no_request')
    else if (this.place === 'json' && !this.oversize) this.events.broken(this.replyName, 'unfinished')
    this.forget()
    this.place = 'between'
    if (resumeAt !== undefined) this.replay(bytes, resumeAt, restarts)
  }

  /**
   * Finds the end of a whole request at `start` as programs write it: one object with no other in it, on a line of its own, in ASCII. It ends
   * with the only closing brace, which is found in a third of the time that the scanner takes; whether it is JSON at all is
   * then for its receiver to say.
   * @returns the offset behind it, or `start` when there is none
   */
  private endOfUsual(bytes: Buffer, start: number): number {
    const jsonStart = colonBehindName(bytes, start) + 1
    if (bytes[jsonStart] !== OPEN_OBJECT || !this.isAscii(bytes)) return start
    const text = this.asText(bytes)
    const end = text.indexOf('}', jsonStart) + 1
    if (end === 0 || end - jsonStart > this.maxRequestBytes) return start
    // At the end of the read a brace may still be part of a text; before the end of a line it cannot be, in JSON.
    if (bytes[end] !== LINE_FEED) return start
    if (isBefore(end, text.indexOf('{', jsonStart + 1)) || isBefore(end, text.indexOf('\n', jsonStart))) return start
    this.jsonStart = jsonStart - start
    return end
  }

  private usual(text: string, start: number, end: number): void {
    const jsonStart = start + this.jsonStart
    if (this.restarts.length > 0) this.restarts = []
    this.events.request(text.slice(start + 1, jsonStart - 1), text.slice(jsonStart, end))
  }

  /** Reads `:name:` at `start`. @returns the offset behind it, or the end when it is not whole yet */
  private head(bytes: Buffer, start: number): number {
    const end = colonBehindName(bytes, start)
    if (end === NOT_A_NAME) return this.badName(start)
    if (end === bytes.length) return end
    // A slice of one text for the whole read costs a tenth of a text of its own.
    if (this.isAscii(bytes)) this.replyName = this.asText(bytes).slice(start + 1, end)
    // Read as text, a name that is not UTF-8 would become another one.
    else if (isUtf8(bytes.subarray(start + 1, end))) this.replyName = bytes.toString('utf8', start + 1, end)
    else return this.foreignName(start, end)
    this.jsonStart = end + 1 - start
    this.scanner.reset()
    this.place = 'json'
    return end + 1
  }

  private badName(start: number): number {
    this.events.garbage('bad_reply_name')
    this.forget()
    this.place = 'garbage'
    return start + 1
  }

  /** A name that is not UTF-8 may be the beginning of a head, and the colon behind it that of the next write. */
  private foreignName(start: number, end: number): number {
    const endsInNextWrite = this.restarts.includes(end - start)
    const next = this.badName(start)
    if (!endsInNextWrite) return next
    this.place = 'between'
    return end
  }

  /**
   * Reads on in the JSON at `at`.
   * @param start where the request's bytes begin in this read
   * @returns where to go on in this read; undefined when all of it is taken
   */
  private json(bytes: Buffer, start: number, at: number): number | undefined {
    const { scanner } = this
    const end = scanner.scan(bytes, at, bytes.length)
    // Between two writes a number or literal at the top is whole: nobody sends it in pieces.
    const whole = scanner.state === 'complete' || scanner.inTopScalar
    if (scanner.state === 'invalid') return this.resume(bytes, start, end, 'not_json')
    if (this.keptBytes + end - start - this.jsonStart > this.maxRequestBytes) this.refuse()
    if (!whole) {
      this.keep(bytes.subarray(start))
      return undefined
    }
    const next = skipSpace(bytes, end)
    if (next < bytes.length && bytes[next] !== LINE_FEED && bytes[next] !== COLON) {
      return this.resume(bytes, start, next, 'trailing_text')
    }
    if (!this.oversize) this.complete(bytes, start, end)
    this.forget()
    this.place = 'between'
    return next
  }

  private complete(bytes: Buffer, start: number, end: number): void {
    if (this.keptBytes === 0 && this.isAscii(bytes)) {
      this.events.request(this.replyName, this.asText(bytes).slice(start + this.jsonStart, end))
      return
    }
    const json = this.joined(bytes, start, end).subarray(this.jsonStart)
    if (isUtf8(json)) this.events.request(this.replyName, json.toString())
    else this.events.broken(this.replyName, 'not_utf8')
  }

  private isAscii(bytes: Buffer): boolean {
    this.ascii ??= isAscii(bytes)
    return this.ascii
  }

  private asText(bytes: Buffer): string {
    this.text ??= bytes.toString('latin1')
    return this.text
  }

  /**
   * The byte at `at` cannot belong to the request. Goes on at a read or line before it that began with a colon, else
   * behind the line that it is in.
   */
  private resume(bytes: Buffer, start: number, at: number, reason: BrokenReason): number | undefined {
    const inEarlierReads = this.oversize ? 0 : this.keptBytes
    const badAt = inEarlierReads + at - start
    const request = this.joined(bytes, start)
    const lineStart = badAt === 0 ? 0 : skipBlank(request, request.lastIndexOf(LINE_FEED, badAt - 1) + 1)
    const { restarts } = this
    const candidates = request[lineStart] === COLON ? [...restarts, lineStart] : restarts
    const resumeAt = Math.min(...candidates.filter((offset) => offset > 0 && offset <= badAt))
    const replayed = resumeAt < inEarlierReads ? Buffer.from(request) : undefined
    if (!this.oversize) this.events.broken(this.replyName, reason)
    this.forget()
    if (resumeAt === Number.POSITIVE_INFINITY) {
      this.place = 'garbage'
      return at
    }
    this.place = 'between'
    if (replayed === undefined) return start + resumeAt - inEarlierReads
    this.replay(replayed, resumeAt, restarts)
    return undefined
  }

  /** Reads a part of what was kept again, in the pieces it came in. */
  private replay(bytes: Buffer, from: number, restarts: readonly number[]): void {
    const cuts = [from, ...restarts.filter((offset) => offset > from), bytes.length]
    for (let index = 1; index < cuts.length; index++) this.push(bytes.subarray(cuts[index - 1], cuts[index]), true)
  }

  private refuse(): void {
    if (this.oversize) return
    this.oversize = true
    this.kept = Buffer.alloc(0)
    this.events.tooLarge(this.replyName)
  }

  private keep(bytes: Buffer): void {
    const total = this.keptBytes + bytes.length
    if (!this.oversize) {
      if (total > this.kept.length) {
        const wider = Buffer.allocUnsafe(total * 2)
        this.kept.copy(wider, 0, 0, this.keptBytes)
        this.kept = wider
      }
      bytes.copy(this.kept, this.keptBytes)
    }
    this.keptBytes = total
  }

  /** The current request's bytes, those of earlier reads included unless they were let go as too many. */
  private joined(bytes: Buffer, start: number, end: number = bytes.length): Buffer {
    const last = bytes.subarray(start, end)
    if (this.keptBytes === 0 || this.oversize) return last
    this.keep(last)
    return this.kept.subarray(0, this.keptBytes)
  }

  private forget(): void {
    this.keptBytes = 0
    this.oversize = false
    this.restarts = []
    if (this.kept.length > LARGEST_KEPT_BUFFER) this.kept = Buffer.alloc(0)
  }
}

const NOT_A_NAME = -2

/**
 * The colon that ends the name which begins behind `start`; the end when there is none yet.
 * @returns `NOT_A_NAME` for what cannot name a reply FIFO
 */
function colonBehindName(bytes: Buffer, start: number): number {
  const limit = Math.min(bytes.length, start + 2 + MAX_NAME_BYTES)
  for (let at = start + 1; at < limit; at++) {
    const byte = byteAt(bytes, at)
    if (byte === COLON) return at
    if (cannotBeInName(byte)) return NOT_A_NAME
  }
  return limit === bytes.length ? limit : NOT_A_NAME
}

/** A name holds no path and nothing hidden, no quote (it would be JSON), no control character. */
function cannotBeInName(byte: number): boolean {
  return byte < 0x20 || byte === QUOTE || byte === POINT || byte === SLASH || byte === BACKSLASH
}

/** The callers stay below `bytes.length`. */
function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] as number
}

/** @param found an offset, -1 when there is none */
function isBefore(end: number, found: number): boolean {
  return found !== -1 && found < end
}

function skipBlank(bytes: Buffer, start: number): number {
  let at = start
  while (bytes[at] === LINE_FEED || isSpace(bytes[at])) at++
  return at
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start
  while (isSpace(bytes[at])) at++
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}
