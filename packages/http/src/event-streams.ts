import type { EventSource, MiEvent, MiPeer } from '@mi/contract'
import type { EventStream, Exchange } from './exchange.js'
import { type HttpReply, Refusal } from './refusal.js'

/** Events that are kept for peers that come back or read slowly, at most, and their bytes as they are sent. */
const MOST_KEPT = 1_000
const MOST_KEPT_BYTES = 1_048_576

/** Something is sent at least this often, so that proxies and peers know that the connection lives. */
const HEARTBEAT_MS = 15_000

/** What a peer gets first that has missed events which are not kept any more. */
const LOST = '{"jsonrpc":"2.0","method":"mi.events_lost"}'

interface Kept {
  readonly name: string
  /** As it is sent. */
  readonly text: string
  readonly bytes: number
}

interface Reader {
  readonly connection: object
  /** What a peer is counted as; undefined where nothing is known of it. */
  readonly share: string | undefined
  readonly stream: EventStream
  /** Undefined: all. */
  readonly names: ReadonlySet<string> | undefined
  /** The number of the event that it gets next. */
  next: number
  /** It has taken nothing since the heartbeat before. */
  isStalled: boolean
}

/** Sends what the program raises to those who have asked, as server-sent events. */
export class EventStreams {
  private readonly readers = new Set<Reader>()
  /** Without gaps, up to the event `last`. */
  private readonly kept: Kept[] = []
  private keptBytes = 0
  private last = 0
  private heartbeat: NodeJS.Timeout | undefined
  private unsubscribe: (() => void) | undefined
  /** Tells the numbers of this server from those of the one before it. */
  private readonly run = Date.now().toString(36)

  constructor(
    private readonly source: EventSource | undefined,
    private readonly maxStreams: number,
  ) {}

  /** From now on events are kept. May be called again. */
  listen(): void {
    this.unsubscribe ??= this.source?.subscribe(undefined, (event) => this.take(event))
  }

  /** @throws Refusal */
  open(exchange: Exchange, peer: MiPeer, headers: HttpReply['headers']): void {
    this.listen()
    const { connection } = exchange
    const share = peer.user ?? peer.certificate?.subject ?? peer.source?.address
    this.assertRoom(connection, share)
    const names = new URLSearchParams(exchange.target.split('?')[1]).get('names')?.split(',')
    const reader: Reader = {
      connection,
      share,
      stream: exchange.openStream(headers),
      names: names && new Set(names),
      next: this.firstAfter(exchange.header('last-event-id')),
      isStalled: false,
    }
    reader.stream.onGone = () => this.leave(reader)
    reader.stream.onDrain = () => {
      reader.isStalled = false
      this.catchUp(reader)
    }
    this.readers.add(reader)
    this.heartbeat ??= setInterval(() => this.beat(), HEARTBEAT_MS)
    reader.stream.write(': these are events\n\n')
    this.catchUp(reader)
  }

  close(): void {
    this.unsubscribe?.()
    this.unsubscribe = undefined
    for (const reader of [...this.readers]) {
      this.leave(reader)
      reader.stream.end()
    }
  }

  private assertRoom(connection: object, share: string | undefined): void {
    const { maxStreams } = this
    if (this.readers.size >= maxStreams) {
      throw tooMany(`${maxStreams} peers receive events already (maxEventStreams): try again later, or raise the limit`)
    }
    let ofThisOne = 0
    for (const reader of this.readers) {
      // The second would begin when the first ends, which it does not.
      if (reader.connection === connection) {
        throw tooMany('this connection receives events already: use another connection for more')
      }
      if (share !== undefined && reader.share === share) ofThisOne++
    }
    if (ofThisOne < Math.ceil(maxStreams / 2)) return
    throw tooMany(
      `${ofThisOne} streams of events are open for ${share} already (half of maxEventStreams): close some, or raise the limit`,
    )
  }

  private take({ name, text: json }: MiEvent): void {
    const text = `id: ${this.run}-${++this.last}\n${eventText(json)}`
    const bytes = Buffer.byteLength(text)
    this.kept.push({ name, text, bytes })
    this.keptBytes += bytes
    // Before an event that is too long to be kept goes again.
    for (const reader of this.readers) this.catchUp(reader)
    while (this.kept.length > MOST_KEPT || this.keptBytes > MOST_KEPT_BYTES) {
      this.keptBytes -= this.kept.shift()?.bytes ?? 0
    }
  }

  /** The number of what comes after the event that a peer had last; 0 where that is not known. */
  private firstAfter(lastId: string | undefined): number {
    if (lastId === undefined) return this.last + 1
    const [run, number] = lastId.split('-')
    const last = Number(number)
    return run === this.run && Number.isInteger(last) ? Math.min(last, this.last) + 1 : 0
  }

  /** Sends what the peer has not had yet, as far as it takes it; the rest follows when it has. */
  private catchUp(reader: Reader): void {
    const { stream, names } = reader
    while (reader.next <= this.last && !stream.isFull) {
      const oldest = this.last + 1 - this.kept.length
      const kept = this.kept[reader.next - oldest]
      reader.next = Math.max(reader.next + 1, oldest)
      if (kept === undefined) stream.write(eventText(LOST))
      else if (names?.has(kept.name) !== false) stream.write(kept.text)
    }
  }

  private beat(): void {
    for (const reader of this.readers) {
      if (!reader.stream.isFull) {
        reader.stream.write(':\n\n')
      } else if (reader.isStalled) {
        this.leave(reader)
        reader.stream.giveUp()
      } else {
        reader.isStalled = true
      }
    }
  }

  private leave(reader: Reader): void {
    this.readers.delete(reader)
    if (this.readers.size > 0) return
    clearInterval(this.heartbeat)
    this.heartbeat = undefined
  }
}

function tooMany(text: string): Refusal {
  return new Refusal(503, 'too_many_requests', text, { 'Retry-After': '10' })
}

/** Line breaks would end the event. */
export function eventText(text: string): string {
  return `data: ${text.replaceAll('\n', '\ndata: ')}\n\n`
}
