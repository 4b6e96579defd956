import type { Readable } from 'node:stream'
import { GrowingBuffer } from '@mi/internal/growing-buffer'
import type { EventSink } from '../events/event-stream.js'

export interface ReadSettings extends EventSink {
  /** The longest event. */
  readonly maxBytes: number
  /** The stream is over when nothing has arrived for this long, in milliseconds. @default never */
  readonly deadMs?: number | undefined
  /** Ends the stream. */
  readonly until?: AbortSignal | undefined
}

/**
 * Reads server-sent events until the stream ends, is silent, or is destroyed.
 * @throws what the stream failed with
 */
export function readEvents(stream: Readable, settings: ReadSettings): Promise<'ended' | 'silent'> {
  const { maxBytes, deadMs, until } = settings
  const parser = new EventParser(maxBytes, settings)
  return new Promise((resolve, reject) => {
    const timer =
      deadMs === undefined
        ? undefined
        : setTimeout(() => {
            resolve('silent')
            stream.destroy()
          }, deadMs)
    const end = (): void => void stream.destroy()
    until?.addEventListener('abort', end, { once: true })
    if (until?.aborted === true) end()
    stream.on('data', (piece: Buffer) => {
      timer?.refresh()
      parser.push(piece)
    })
    stream.on('error', reject)
    stream.on('close', () => {
      clearTimeout(timer)
      until?.removeEventListener('abort', end)
      resolve('ended')
    })
  })
}

const LF = 10
const CR = 13

/** Takes server-sent events apart, in whatever pieces they come (HTML standard, section 9.2.6). Holds one event at most. */
export class EventParser {
  private readonly line: GrowingBuffer
  private data = ''
  private bytes = 0
  private hasData = false
  private isTooLong = false
  private lineBytes = 0
  private last = 0

  constructor(
    private readonly maxBytes: number,
    private readonly sink: EventSink,
  ) {
    // Room for the name of the field.
    this.line = new GrowingBuffer(maxBytes + 'data: '.length)
  }

  push(piece: Buffer): void {
    let start = 0
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]
      const { last } = this
      this.last = byte ?? 0
      if (byte !== LF && byte !== CR) continue
      if (byte === LF && last === CR) start = at + 1
      else {
        this.add(piece.subarray(start, at))
        start = at + 1
        this.endLine(this.line.take().toString())
      }
    }
    this.add(piece.subarray(start))
  }

  private add(part: Buffer): void {
    this.lineBytes += part.length
    if (!this.isTooLong && !this.line.push(part)) this.refuse()
  }

  private endLine(line: string): void {
    const isEmpty = this.lineBytes === 0
    this.lineBytes = 0
    if (isEmpty) this.endEvent()
    else if (line.startsWith('data:')) this.addData(fieldValue(line, 5))
    else if (line === 'data') this.addData('')
    else if (line.startsWith('id:')) this.takeId(fieldValue(line, 3))
  }

  private addData(text: string): void {
    const added = this.hasData ? `\n${text}` : text
    this.bytes += Buffer.byteLength(added)
    if (this.bytes > this.maxBytes) {
      this.refuse()
      return
    }
    this.data += added
    this.hasData = true
  }

  private takeId(id: string): void {
    // It goes into a header, which cannot hold everything.
    if (/^[\x21-\x7e]{1,200}$/.test(id)) this.sink.onId?.(id)
  }

  /** The rest of the event is passed over: what comes after it is in order. */
  private refuse(): void {
    this.isTooLong = true
    this.line.take()
    this.data = ''
  }

  private endEvent(): void {
    const { data, hasData, isTooLong } = this
    this.data = ''
    this.bytes = 0
    this.hasData = false
    this.isTooLong = false
    if (isTooLong) this.sink.tooLong()
    else if (hasData) this.sink.message(data)
  }
}

function fieldValue(line: string, at: number): string {
  return line.slice(line[at] === ' ' ? at + 1 : at)
}
