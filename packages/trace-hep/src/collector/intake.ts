import { EventEmitter } from 'node:events'
import { createHepStream, decodePacket } from '../codec/decode.js'
import { isHepError } from '../hep-error.js'
import type { HepMessage } from '../message.js'
import { ArrivalLoop, type HepCollectorCounts, type HepCollectorEvents, type HepSender } from './arrivals.js'
import type { ResolvedCollectorOptions } from './collector-options.js'
import { MiTraces } from './mi-traces.js'

/** Errors of one kind are reported once in this time. */
const REPORT_MS = 1_000

/** What takes the bytes of one connection. */
export interface ConnectionIntake {
  /** Whole packets so far, those that cannot be read included. */
  readonly packets: number
  /** @returns false when no further packet can be found in it: the connection is to be closed */
  push(bytes: Buffer): boolean
  /** The connection has ended. */
  end(): void
}

/** Decodes what the sockets of a collector receive, and hands it to its listeners and loops. */
export class Intake {
  readonly emitter = new EventEmitter()
  private readonly loops = new Set<ArrivalLoop>()
  private readonly traces: MiTraces
  private readonly malformed = new OncePerSecond<Omit<HepCollectorEvents['malformed'][0], 'count'>>((first, count) =>
    this.emit('malformed', { ...first, count }),
  )
  private readonly problems = new OncePerSecond<Error>((first, count) => this.emit('problem', first, count))
  private messageCount = 0
  private malformedCount = 0
  private missedCount = 0
  private isClosed = false

  constructor(private readonly options: ResolvedCollectorOptions) {
    this.traces = new MiTraces(options)
  }

  get counts(): HepCollectorCounts {
    return {
      messages: this.messageCount,
      malformed: this.malformedCount,
      unanswered: this.traces.unanswered,
      missed: this.missedCount,
    }
  }

  /** A loop that sees what arrives from now on. */
  loop(): ArrivalLoop {
    const { maxQueued, maxQueuedBytes } = this.options
    const loop = new ArrivalLoop(maxQueued, maxQueuedBytes, (ended) => this.loops.delete(ended))
    if (this.isClosed) loop.finish()
    else this.loops.add(loop)
    return loop
  }

  datagram(bytes: Buffer, sender: HepSender): void {
    let message: HepMessage
    try {
      message = decodePacket(bytes, this.options.decode)
    } catch (error) {
      this.refuse(error, sender, bytes.length)
      return
    }
    this.take(message, sender)
  }

  connection(sender: HepSender): ConnectionIntake {
    let packets = 0
    const stream = createHepStream(
      {
        message: (message) => {
          packets++
          this.take(message, sender)
        },
        broken: (error, bytes) => {
          packets++
          this.refuse(error, sender, bytes)
        },
      },
      this.options.decode,
    )
    return {
      get packets() {
        return packets
      },
      push: (bytes) => {
        try {
          stream.push(bytes)
          return true
        } catch (error) {
          this.refuse(error, sender, bytes.length)
          return false
        }
      },
      end: () => {
        if (stream.pendingBytes === 0) return
        this.problem('truncated', new Error(`the connection of ${sender.address} ended within a packet`))
      },
    }
  }

  /** @param kind problems of one kind are reported together */
  problem(kind: string, error: Error): void {
    this.problems.add(kind, error)
  }

  /** Reports what was not reported yet, and ends the loops once they have seen what waits for them. */
  close(): void {
    this.isClosed = true
    this.malformed.close()
    this.problems.close()
    for (const loop of [...this.loops]) loop.finish()
  }

  private take(message: HepMessage, sender: HepSender): void {
    this.messageCount++
    const mi = this.traces.read(message, `${sender.transport} ${sender.address}`)
    const arrival = { message, sender, receivedAtMs: Date.now(), mi }
    this.emit('message', arrival)
    for (const loop of this.loops) this.missedCount += loop.add(arrival)
  }

  private refuse(error: unknown, sender: HepSender, bytes: number): void {
    if (!isHepError(error)) throw error
    this.malformedCount++
    this.malformed.add(error.code, { error, sender, bytes })
  }

  /** An error of a listener becomes an 'uncaughtException', and does not stop the packets that came with this one. */
  private emit<E extends keyof HepCollectorEvents>(event: E, ...args: HepCollectorEvents[E]): void {
    try {
      this.emitter.emit(event, ...args)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

/** Hands on the first thing of a kind at once, and those of the next second together: a peer that floods costs one event. */
class OncePerSecond<T> {
  private readonly kinds = new Map<string, { first: T | undefined; count: number; readonly timer: NodeJS.Timeout }>()

  constructor(private readonly handOn: (first: T, count: number) => void) {}

  add(kind: string, thing: T): void {
    const seen = this.kinds.get(kind)
    if (seen !== undefined) {
      seen.first ??= thing
      seen.count++
      return
    }
    this.begin(kind)
    this.handOn(thing, 1)
  }

  /** Hands on what waits. */
  close(): void {
    for (const { first, count, timer } of this.kinds.values()) {
      clearTimeout(timer)
      if (first !== undefined) this.handOn(first, count)
    }
    this.kinds.clear()
  }

  private begin(kind: string): void {
    const timer = setTimeout(() => this.end(kind), REPORT_MS).unref()
    this.kinds.set(kind, { first: undefined, count: 0, timer })
  }

  private end(kind: string): void {
    const { first, count = 0 } = this.kinds.get(kind) ?? {}
    this.kinds.delete(kind)
    if (first === undefined) return
    this.begin(kind)
    this.handOn(first, count)
  }
}
