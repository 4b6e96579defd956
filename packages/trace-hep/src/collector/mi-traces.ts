import { hepPayloadText } from '../codec/decode.js'
import { type HepMessage, HepProtocolType } from '../message.js'
import type { ResolvedCollectorOptions } from './collector-options.js'

/** A traced request, as its payload shows it. */
export interface HepMiRequest {
  readonly command: string
  /** `fifo`, `datagram`, `script`, `json` for HTTP. */
  readonly backend: string
  /** Flattened and maybe cut; undefined when there are no parameters. */
  readonly parameters: string | undefined
}

/** An MI trace. A reply comes with the request that it answers, if that was seen. */
export type HepMiTrace =
  | ({ readonly kind: 'request' } & HepMiRequest)
  | {
      readonly kind: 'reply'
      readonly reply: string
      readonly request: HepMiRequest | undefined
      /** Milliseconds from the request to this reply, by the clock of the server that traced them. */
      readonly elapsedMs: number | undefined
    }

/** The payload of an MI trace. */
type MiPayload =
  | ({ readonly kind: 'request' } & HepMiRequest)
  /** Maybe cut. */
  | { readonly kind: 'reply'; readonly reply: string }

/** The names of OpenSIPS's backends. (mi_fifo, mi_datagram, mi_script, mi_http, mi_html, mi_xmlrpc_ng) */
const KNOWN_BACKENDS: ReadonlySet<string> = new Set(['fifo', 'datagram', 'script', 'json', 'http', 'xmlrpc'])

/**
 * Reads the payload of an MI trace, in either format. The text for HOMER 5 does not say whether it is a request or a
 * reply: a known backend after the command shows a request, and otherwise the first characters decide.
 * @param isReply whether the correlation id was seen before, which makes it a reply
 * @param homer5Delim what stands between the parts
 */
export function readMiPayload(text: string, isReply: boolean, homer5Delim = ':'): MiPayload {
  const json = readHomer6(text)
  if (json !== undefined) return json
  const request = isReply ? undefined : readHomer5(text, homer5Delim)
  return request ?? { kind: 'reply', reply: text }
}

function readHomer6(text: string): MiPayload | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Cut, or a text for HOMER 5 that begins so.
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { command, backend = '', parameters, reply }: Readonly<Record<string, unknown>> = { ...value }
  if (typeof command === 'string' && typeof backend === 'string') {
    return { kind: 'request', command, backend, parameters: typeof parameters === 'string' ? parameters : undefined }
  }
  return typeof reply === 'string' ? { kind: 'reply', reply } : undefined
}

function readHomer5(text: string, delimiter: string): MiPayload | undefined {
  // A JSON-RPC reply or a text such as `400 Parse_error`, whose request was not seen.
  if (/^\s*[[{]|^\d{3} /.test(text) || delimiter === '') return undefined
  const parts = text.split(delimiter)
  // A command may hold the delimiter: `core:version`.
  const known = parts.findIndex((part, index) => index > 0 && KNOWN_BACKENDS.has(part))
  const at = known === -1 ? 1 : known
  const backend = parts[at]
  if (backend === undefined) return undefined
  const parameters = parts.slice(at + 1)
  return {
    kind: 'request',
    command: parts.slice(0, at).join(delimiter),
    backend,
    parameters: parameters.length === 0 ? undefined : parameters.join(delimiter),
  }
}

interface OpenRequest {
  readonly request: HepMiRequest
  readonly atUsec: number | undefined
  isAnswered: boolean
  /** About what it takes in memory. */
  readonly bytes: number
}

/** What a request takes besides its texts. */
const OPEN_BYTES = 512

/**
 * Reads MI traces and finds the request that a reply belongs to. A request may have several replies: OpenSIPS traces a long
 * one in pieces.
 */
export class MiTraces {
  /** Requests that had no reply when they were forgotten. */
  unanswered = 0
  /** In the order of arrival. */
  private readonly open = new Map<string, OpenRequest>()
  private openBytes = 0

  /** @param options how many requests are remembered; the oldest is forgotten first */
  constructor(
    private readonly options: Pick<ResolvedCollectorOptions, 'maxOpenRequests' | 'maxOpenBytes' | 'homer5Delim'>,
  ) {}

  /**
   * @param sender the server that traced it, and how: it may trace to one collector over several transports
   * @returns undefined for a message that is not an MI trace
   */
  read(message: HepMessage, sender: string): HepMiTrace | undefined {
    if (message.protoType !== HepProtocolType.MI) return undefined
    const { correlationId } = message
    const key = correlationId === undefined ? undefined : `${sender} ${correlationId}`
    const found = key === undefined ? undefined : this.open.get(key)
    const text = hepPayloadText(message)
    const read = readMiPayload(text, found !== undefined, this.options.homer5Delim)
    const atUsec = microseconds(message)
    if (read.kind === 'request') {
      const { kind: _, ...request } = read
      // The parts of a request may keep the whole text in memory, two bytes for each unit.
      if (key !== undefined) {
        this.remember(key, { request, atUsec, isAnswered: false, bytes: OPEN_BYTES + 2 * (key.length + text.length) })
      }
      return read
    }
    if (found !== undefined) found.isAnswered = true
    const elapsedMs = found?.atUsec === undefined || atUsec === undefined ? undefined : (atUsec - found.atUsec) / 1_000
    return { ...read, request: found?.request, elapsedMs }
  }

  private remember(key: string, request: OpenRequest): void {
    const { maxOpenRequests, maxOpenBytes } = this.options
    this.openBytes += request.bytes - (this.open.get(key)?.bytes ?? 0)
    this.open.delete(key)
    this.open.set(key, request)
    for (const [oldest, { bytes, isAnswered }] of this.open) {
      if (this.open.size <= maxOpenRequests && this.openBytes <= maxOpenBytes) return
      this.open.delete(oldest)
      this.openBytes -= bytes
      if (!isAnswered) this.unanswered++
    }
  }
}

function microseconds({ timeSec, timeUsec = 0 }: HepMessage): number | undefined {
  return timeSec === undefined ? undefined : timeSec * 1_000_000 + timeUsec
}
