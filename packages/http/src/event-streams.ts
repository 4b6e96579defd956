import type { EventSource, MiEvent, MiPeer } from '@mi/contract'
import type { EventStream, Exchange } from './exchange.js'
import { type HttpReply, Refusal } from './refusal.js'

/** Events that are kept for peers that come back, at most, and their bytes. */
const MOST_KEPT = 1_000
const MOST_KEPT_BYTES = 1_048_576

/** Bytes that may wait for one peer. */
const MOST_WAITING_BYTES = 1_048_576

/** Something is sent at least this often, so that proxies and peers know that the connection lives. */
const HEARTBEAT_MS = 15_000

/** What a peer gets first that has missed events which are not kept any more. */
const LOST = '{"jsonrpc":"2.0","method":"mi.events_lost"}'

interface Kept {
  readonly number: number
  readonly event: MiEvent
}

interface Reader {
  readonly connection: object
  /** What a peer is counted as; undefined where nothing is known of it. */
  readonly share: string | undefined
  readonly stream: EventStream
  /** Undefined: all. */
  readonly names: ReadonlySet<string> | undefined
}

/** Sends what the program raises to those who have asked, as server-sent events. */
export class EventStreams {
  private readonly readers = new Set<Reader>()
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
    const reader: Reader = { connection, share, stream: exchange.openStream(headers), names: names && new Set(names) }
    reader.stream.onGone = () => this.leave(reader)
    this.readers.add(reader)
    this.heartbeat ??= setInterval(() => this.beat(), HEARTBEAT_MS)
    reader.stream.write(': these are events\n\n')
    this.catchUp(reader, exchange.header('last-event-id'))
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

  private take(event: MiEvent): void {
    const kept = { number: ++this.last, event }
    this.kept.push(kept)
    this.keptBytes += event.text.length
    while (this.kept.length > MOST_KEPT || (this.keptBytes > MOST_KEPT_BYTES && this.kept.length > 1)) {
      this.keptBytes -= this.kept.shift()?.event.text.length ?? 0
    }
    for (const reader of this.readers) this.send(reader, kept)
  }

  private send(reader: Reader, { number, event }: Kept): void {
    if (reader.names?.has(event.name) === false) return
    this.write(reader, `id: ${this.run}-${number}\n${eventText(event.text)}`)
  }

  /** What came after the event that the peer had last. */
  private catchUp(reader: Reader, lastId: string | undefined): void {
    if (lastId === undefined) return
    const [run, number] = lastId.split('-')
    const last = run === this.run ? Number(number) : Number.NaN
    const oldest = this.kept[0]?.number ?? this.last + 1
    if (!(last >= oldest - 1)) this.write(reader, eventText(LOST))
    for (const kept of this.kept) if (!(kept.number <= last)) this.send(reader, kept)
  }

  private beat(): void {
    for (const reader of this.readers) this.write(reader, ':\n\n')
  }

  private write(reader: Reader, text: string): void {
    if (reader.stream.write(text) <= MOST_WAITING_BYTES) return
    this.leave(reader)
    reader.stream.giveUp()
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
