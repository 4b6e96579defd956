import { isAscii, isUtf8 } from 'node:buffer'
import { JsonScanner } from '@mi/internal/json-scanner'
import { UnfinishedRequest } from './unfinished-request.js'

/** What was found in the stream: a request, or something that cannot be one. */
export interface FramedRequest {
  /** Name of the reply FIFO; '' where no reply is asked for. */
  readonly replyName: string
  /** The JSON text, which the receiver parses; with a problem, the first bytes of what was found. */
  readonly text: string
  readonly problem: FramingProblem | undefined
}

/** The first five have a reply name and are answered there, if it is not empty; the last two have none. */
export type FramingProblem =
  | 'not_json'
  | 'trailing_text'
  | 'not_utf8'
  | 'unfinished_request'
  | 'request_too_large'
  | 'no_request'
  | 'bad_reply_name'

const NUL = 0x00
const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const POINT = 0x2e
const SLASH = 0x2f
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** The longest file name there is. */
const MAX_NAME_BYTES = 255

/** Bytes of something broken that are shown in logs, at most. */
const EXCERPT_BYTES = 80

const NOTHING: readonly FramedRequest[] = []

/**
 * Cuts a stream into requests: `':'(reply_fifo)?':'jsonrpc`, in any pieces, many in one piece, with or without newlines
 * between them, JSON over several lines. It opens nothing and has no timers.
 *
 * After anything that is not a request it resumes at the next line that begins with a colon. A read that begins with a
 * colon counts as such a line too where what came before turns out to be broken: a client that died in the middle of a
 * request does not take the next one's request with it.
 *
 * Source: mi_fifo manual, "FIFO command syntax".
 */
export class FifoFraming {
  /** Where the next byte belongs: before a request, in garbage up to the end of a line, in a request's head or JSON. */
  private place: 'between' | 'garbage' | 'head' | 'json' = 'between'
  private found: FramedRequest[] = []
  private readonly scanner = new JsonScanner()
  private replyName = ''
  /** Offset in the current request at which its JSON begins. */
  private jsonStart = 0
  /** What earlier reads brought of the current request. */
  private readonly earlier: UnfinishedRequest
  private startedCount = 0
  /** The bytes of the current read as characters, and whether they are ASCII: made once for all the requests in it. */
  private text: string | undefined
  private ascii: boolean | undefined

  constructor(private readonly maxRequestBytes: number) {
    this.earlier = new UnfinishedRequest(maxRequestBytes)
  }

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
   * @returns what is whole now, in order
   */
  push(bytes: Buffer, freshWrite: boolean): readonly FramedRequest[] {
    this.take(bytes, freshWrite)
    return this.takeFound()
  }

  /** Gives up what is unfinished, and resumes at a read within it that began with a colon. */
  expire(): readonly FramedRequest[] {
    const { restarts, oversize } = this.earlier
    const [resumeAt] = restarts
    const bytes = this.earlier.copy()
    if (this.place === 'head') this.report('no_request', bytes)
    else if (this.place === 'json' && !oversize) this.report('unfinished_request', bytes, this.replyName)
    this.earlier.forget()
    this.place = 'between'
    if (resumeAt !== undefined) this.replay(bytes, resumeAt, restarts)
    return this.takeFound()
  }

  private takeFound(): readonly FramedRequest[] {
    const { found } = this
    if (found.length === 0) return NOTHING
    this.found = []
    return found
  }

  private take(bytes: Buffer, freshWrite: boolean): void {
    if (freshWrite && bytes[0] === COLON) {
      if (this.place === 'garbage') this.place = 'between'
      else if (this.place !== 'between') this.earlier.markRestart()
    }
    if (this.place === 'head') this.again(bytes)
    else this.read(bytes)
  }

  /** A head that came in pieces is short: joins them and reads it from its beginning. */
  private again(more: Buffer): void {
    const { restarts } = this.earlier
    const whole = Buffer.from(this.earlier.joined(more))
    this.earlier.forget()
    this.place = 'between'
    this.earlier.restarts = restarts
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
            this.report('no_request', bytes.subarray(at))
            this.place = 'garbage'
            break
          }
          start = at
          at = this.whole(bytes, start)
          if (at === start) this.place = 'head'
          break
        case 'garbage':
          at = bytes.indexOf(LINE_FEED, at)
          if (at === -1) return
          this.place = 'between'
          break
        case 'head':
          at = this.head(bytes, start)
          if (at === bytes.length && this.place === 'head') {
            this.earlier.keep(bytes.subarray(start))
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
    if (this.place === 'json') this.earlier.keep(bytes.subarray(start))
  }

  /**
   * Takes a request that is whole, as almost all are: in ASCII, on one line. Its end is found in a third of the time that the
   * scanner takes, by counting brackets; whether it is JSON is left to the receiver.
   * @returns the offset behind it, or `start` when it must be looked at more closely
   */
  private whole(bytes: Buffer, start: number): number {
    const jsonStart = colonBehindName(bytes, start) + 1
    const end = endOnLine(bytes, jsonStart)
    if (end === NOT_ON_LINE || end - jsonStart > this.maxRequestBytes || !this.isAscii(bytes)) return start
    const next = skipSpace(bytes, end)
    if (!endsRequest(bytes[next])) return start
    if (this.earlier.restarts.length > 0) this.earlier.restarts = []
    const text = this.asText(bytes)
    this.found.push({
      replyName: text.slice(start + 1, jsonStart - 1),
      text: text.slice(jsonStart, end),
      problem: undefined,
    })
    return next
  }

  /** Reads `:name:` at `start`. @returns the offset behind it, or the end when it is not whole yet */
  private head(bytes: Buffer, start: number): number {
    const end = colonBehindName(bytes, start)
    if (end === NOT_A_NAME) return this.badName(bytes, start)
    if (end === bytes.length) return end
    // Decoded as text, a name that is not UTF-8 would become another one.
    if (!isUtf8(bytes.subarray(start + 1, end))) return this.foreignName(bytes, start, end)
    this.replyName = bytes.toString('utf8', start + 1, end)
    this.jsonStart = end + 1 - start
    this.scanner.reset()
    this.place = 'json'
    return end + 1
  }

  private badName(bytes: Buffer, start: number): number {
    this.report('bad_reply_name', bytes.subarray(start))
    this.earlier.forget()
    this.place = 'garbage'
    return start + 1
  }

  /** A name that is not UTF-8 may be the beginning of a head, and the colon behind it that of the next write. */
  private foreignName(bytes: Buffer, start: number, end: number): number {
    const endsInNextWrite = this.earlier.restarts.includes(end - start)
    const next = this.badName(bytes, start)
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
    const { earlier, scanner } = this
    const end = scanner.scan(bytes, at, bytes.length)
    if (scanner.state === 'invalid') return this.resume(bytes, start, end, 'not_json')
    if (!earlier.oversize && earlier.length + end - start - this.jsonStart > this.maxRequestBytes) {
      this.report('request_too_large', earlier.length === 0 ? bytes.subarray(start) : earlier.copy(), this.replyName)
      earlier.letGo()
    }
    // Between two writes a number or literal at the top is whole: nobody sends it in pieces.
    if (scanner.state !== 'complete' && !scanner.inTopScalar) {
      earlier.keep(bytes.subarray(start))
      return undefined
    }
    const next = skipSpace(bytes, end)
    if (!endsRequest(bytes[next])) return this.resume(bytes, start, next, 'trailing_text')
    if (!earlier.oversize) this.complete(bytes.subarray(start, end))
    earlier.forget()
    this.place = 'between'
    return next
  }

  private complete(last: Buffer): void {
    const { replyName } = this
    const request = this.earlier.joined(last)
    const json = request.subarray(this.jsonStart)
    if (isUtf8(json)) this.found.push({ replyName, text: json.toString(), problem: undefined })
    else this.report('not_utf8', request, replyName)
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
   * The byte at `at` cannot belong to the request. Resumes at a read or line before it that began with a colon, else
   * behind the line that it is in.
   */
  private resume(bytes: Buffer, start: number, at: number, problem: FramingProblem): number | undefined {
    const { length, restarts, oversize } = this.earlier
    const badAt = length + at - start
    const request = this.earlier.joined(bytes.subarray(start))
    const lineFeed = badAt === 0 ? -1 : request.lastIndexOf(LINE_FEED, badAt - 1)
    const lineStart = skipBlank(request, lineFeed + 1)
    const candidates = lineFeed !== -1 && request[lineStart] === COLON ? [...restarts, lineStart] : restarts
    const resumeAt = Math.min(...candidates.filter((offset) => offset <= badAt))
    const replayed = resumeAt < length ? Buffer.from(request) : undefined
    if (!oversize) this.report(problem, request, this.replyName)
    this.earlier.forget()
    if (resumeAt === Number.POSITIVE_INFINITY) {
      this.place = 'garbage'
      return at
    }
    this.place = 'between'
    if (replayed === undefined) return start + resumeAt - length
    this.replay(replayed, resumeAt, restarts)
    return undefined
  }

  /** Reads a part of what was kept again, in the pieces it came in. */
  private replay(bytes: Buffer, from: number, restarts: readonly number[]): void {
    const cuts = [from, ...restarts.filter((offset) => offset > from), bytes.length]
    for (let index = 1; index < cuts.length; index++) this.take(bytes.subarray(cuts[index - 1], cuts[index]), true)
  }

  private report(problem: FramingProblem, bytes: Buffer, replyName = ''): void {
    const start = bytes.subarray(0, EXCERPT_BYTES)
    const lineEnd = start.indexOf(LINE_FEED)
    this.found.push({ replyName, text: start.toString('utf8', 0, lineEnd === -1 ? start.length : lineEnd), problem })
  }
}

const NOT_A_NAME = -2

/**
 * The colon that ends the name which begins behind `start`; the end when it is not there yet.
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
  return byte < SPACE || byte === QUOTE || byte === POINT || byte === SLASH || byte === BACKSLASH
}

const NOT_ON_LINE = -1

/**
 * The end of the object or array at `start`, by its brackets outside of texts. Sound for JSON: no line ends within a text.
 * @returns `NOT_ON_LINE` where it does not begin there, or does not end on the same line and in this read
 */
function endOnLine(bytes: Buffer, start: number): number {
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    switch (byteAt(bytes, at)) {
      case QUOTE:
        at = closingQuote(bytes, at)
        if (at === NOT_ON_LINE) return NOT_ON_LINE
        break
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        depth++
        break
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        depth--
        break
      case LINE_FEED:
        return NOT_ON_LINE
    }
    if (depth <= 0) return depth === 0 && at > start ? at + 1 : NOT_ON_LINE
  }
  return NOT_ON_LINE
}

/** The quote that ends the text which begins with the quote at `start`. */
function closingQuote(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = byteAt(bytes, at)
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
    if (byte === LINE_FEED || (byte === BACKSLASH && bytes[at] === LINE_FEED)) return NOT_ON_LINE
  }
  return NOT_ON_LINE
}

/** @param next the first byte behind the JSON and its spaces; undefined at the end of the read */
function endsRequest(next: number | undefined): boolean {
  return next === undefined || next === LINE_FEED || next === COLON
}

/** The callers stay below `bytes.length`. */
function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] as number
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

/** Clients in C send the NUL that ends their string: OpenSIPS takes it, and it counts as a space here. */
function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN || byte === NUL
}
