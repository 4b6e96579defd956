import { hepPayloadText } from '../codec/payload-text.js'
import type { HepMessage } from '../message.js'
import { type HepMiRequest, readMiPayload } from '../mi/read-payload.js'
import { HepProtocolType } from '../protocol-type.js'
import type { HepMiTrace, HepSender } from './events.js'

interface OpenRequest {
  readonly request: HepMiRequest
  readonly atUsec: number | undefined
  isAnswered: boolean
}

/** Finds the request that a reply belongs to. A request may have several replies: OpenSIPS traces a long one in pieces. */
export class Pairing {
  /** Requests that had no reply when they were forgotten. */
  unanswered = 0
  /** In the order of arrival. */
  private readonly open = new Map<string, OpenRequest>()

  /** @param maxOpen requests that are remembered, at most; the oldest is forgotten first */
  constructor(
    private readonly maxOpen: number,
    private readonly homer5Delim: string,
  ) {}

  /** @returns undefined for what is no MI trace */
  read(message: HepMessage, { transport, address }: HepSender): HepMiTrace | undefined {
    if (message.protoType !== HepProtocolType.MI) return undefined
    const { correlationId } = message
    // A server may trace to one collector over several transports: then each has a request and a reply.
    const key = correlationId === undefined ? undefined : `${transport} ${address} ${correlationId}`
    const found = key === undefined ? undefined : this.open.get(key)
    const read = readMiPayload(hepPayloadText(message), found !== undefined, this.homer5Delim)
    const atUsec = microseconds(message)
    if (read.kind === 'request') {
      const { kind: _, ...request } = read
      if (key !== undefined) this.remember(key, { request, atUsec, isAnswered: false })
      return read
    }
    if (found !== undefined) found.isAnswered = true
    const elapsedMs = found?.atUsec === undefined || atUsec === undefined ? undefined : (atUsec - found.atUsec) / 1_000
    return { ...read, request: found?.request, elapsedMs }
  }

  private remember(key: string, request: OpenRequest): void {
    this.open.delete(key)
    this.open.set(key, request)
    if (this.open.size <= this.maxOpen) return
    for (const [oldest, { isAnswered }] of this.open) {
      this.open.delete(oldest)
      if (!isAnswered) this.unanswered++
      return
    }
  }
}

function microseconds({ timeSec, timeUsec = 0 }: HepMessage): number | undefined {
  return timeSec === undefined ? undefined : timeSec * 1_000_000 + timeUsec
}
