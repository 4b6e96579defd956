import { type ClientReply, CommandError, MiError, type ParsedReply } from '@mi/contract'
import { type NumberReading, withNumbers } from './numbers.js'
import { peerText, peerValue } from './peer-text.js'
import type { BatchReply } from './types.js'

const IDS_SHOWN = 5

// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
const RAW_CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f]/

/** The `command` of the error by which a server refuses a batch as a whole. */
export const WHOLE_BATCH = 'batch'

/** One JSON-RPC response, taken apart. */
interface Response {
  readonly id: unknown
  readonly reply: BatchReply
}

/** The request that a reply is to. */
export interface Asked {
  /** The ids of its calls, one for a single call. */
  readonly ids: readonly number[]
  /** The commands of its calls. */
  readonly methods: readonly string[]
  /** For messages: `'core:uptime' over fifo (/run/opensips/opensips_fifo)`. */
  readonly subject: string
  /** How the numbers of its results are read. */
  readonly numbers: NumberReading
  /** What may explain a text that is not JSON-RPC. */
  hint(text: string): string | undefined
}

/**
 * `MI_PROTOCOL`: what is wrong, and the beginning of what arrived. All of it is in `data`.
 * @param text what arrived; null for nothing
 */
export function protocolError(problem: string, text: string | null, options?: ErrorOptions): MiError {
  const shown = peerText((text ?? '').trim())
  return new MiError('MI_PROTOCOL', shown === '' ? problem : `${problem}: ${shown}`, { ...options, data: text ?? '' })
}

/** Parses a reply for a transport; what is not JSON stays text. */
export function parsedOrText(text: string): ClientReply {
  try {
    const bare = bareText(text)
    return { text: bare, json: JSON.parse(bare) }
  } catch {
    // `400 Parse_error` of OpenSIPS, for one: the caller gets it as it is.
    return text
  }
}

/** The ids of a parsed reply, or of the replies to a batch; those that are null are left out. */
export function idsIn(json: unknown): readonly (string | number)[] {
  if (!Array.isArray(json)) {
    const id = idOf(json)
    return id === undefined ? [] : [id]
  }
  return json.map(idOf).filter((id) => id !== undefined)
}

/**
 * The final reply to one call. An error without an id is one too: the server could not make out the request.
 * @throws MiError `MI_PROTOCOL` for what is not a response, or one to another request
 */
export function finalReply(asked: Asked, reply: ClientReply | null): BatchReply {
  const { text, json, values } = parsed(asked, reply)
  const [id] = asked.ids
  const response = readResponse(json, asked.methods[0], values)
  if (response === undefined) throw notAReply(asked, text)
  if (response.id !== id && !isRefusal(response)) {
    const problem = `a reply with id ${peerValue(response.id)} instead of ${id} to ${asked.subject}`
    throw protocolError(problem, text)
  }
  return response.reply
}

/**
 * The replies to the calls of a batch, in the order of the ids, in whatever order the server sent them.
 * @throws CommandError when the server refused the batch as a whole
 * @throws MiError `MI_PROTOCOL` when replies are missing, doubled, unknown, or not JSON-RPC
 */
export function batchReplies(asked: Asked, reply: ClientReply | null): BatchReply[] {
  const { subject, ids, methods } = asked
  const { text, json, values } = parsed(asked, reply)
  if (!Array.isArray(json)) {
    const refusal = readResponse(json, WHOLE_BATCH, values)
    if (refusal !== undefined && isRefusal(refusal)) throw refusal.reply.error
  }
  const places = new Map<unknown, number>(ids.map((id, index) => [id, index]))
  const replies: BatchReply[] = []
  for (const [place, item] of listOf(json).entries()) {
    const index = places.get(idOf(item))
    const response = readResponse(item, index === undefined ? undefined : methods[index], listOf(values)[place])
    if (response === undefined) throw notAReply(asked, text)
    // An element that the server could not make out has no id; its call is then among those without a reply.
    if (isRefusal(response)) continue
    const shown = peerValue(response.id)
    if (index === undefined) throw protocolError(`a reply with the unknown id ${shown} to ${subject}`, text)
    if (replies[index] !== undefined) throw protocolError(`two replies with id ${shown} to ${subject}`, text)
    replies[index] = response.reply
  }
  const missing = ids.filter((_, index) => replies[index] === undefined)
  if (missing.length > 0) throw protocolError(`no reply with id ${firstOf(missing)} to ${subject}`, text)
  return replies
}

/**
 * Results that went ahead of the final one. An error is final, so nothing may follow it.
 * @throws MiError `MI_PROTOCOL` for what is not a result of a call with one of the ids
 */
export function provisionalResults(
  asked: Asked,
  reply: ClientReply,
): { readonly index: number; readonly result: unknown }[] {
  const { subject, ids } = asked
  const { text, json, values } = parsed(asked, reply)
  return listOf(json).map((item, place) => {
    const response = readResponse(item, undefined, listOf(values)[place])
    if (response === undefined) throw protocolError(`not a JSON-RPC reply ahead of the final one to ${subject}`, text)
    if (response.reply.error !== undefined) throw protocolError(`more than one final reply to ${subject}`, text)
    const index = typeof response.id === 'number' ? ids.indexOf(response.id) : -1
    if (index >= 0) return { index, result: response.reply.result }
    const problem = `a reply with id ${peerValue(response.id)} ahead of the final one to ${subject}`
    throw protocolError(problem, text)
  })
}

/** @throws MiError `MI_PROTOCOL` when nothing came, undefined from a transport included, or it is not JSON */
function parsed(asked: Asked, reply: ClientReply | null): ParsedReply & { readonly values: unknown } {
  const known = typeof reply === 'string' ? parsedOrText(reply) : reply
  if (typeof known === 'object' && known !== null) {
    const { text, json } = known
    return { text, json, values: asked.numbers === 'number' ? json : withNumbers(text, json, asked.numbers) }
  }
  if (typeof known !== 'string' || known.trim() === '') throw protocolError(`an empty reply to ${asked.subject}`, '')
  throw notAReply(asked, known)
}

function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json]
}

function firstOf(ids: readonly number[]): string {
  return ids.length > IDS_SHOWN ? `${ids.slice(0, IDS_SHOWN).join(', ')}, ...` : ids.join(', ')
}

function notAReply(asked: Asked, text: string): MiError {
  const error = protocolError(`not a JSON-RPC reply to ${asked.subject}`, text)
  const advice = asked.hint(text) ?? controlHint(bareText(text))
  return advice === undefined ? error : new MiError('MI_PROTOCOL', `${error.message}. ${advice}`, { data: text })
}

/**
 * The response that a value is, or undefined when it is none (JSON-RPC 2.0 section 5).
 * @param values the same, with its numbers as the caller wants them
 */
function readResponse(value: unknown, command: string | undefined, values: unknown): Response | undefined {
  if (!isObject(value) || !isObject(values) || value.jsonrpc !== '2.0' || !('id' in value)) return undefined
  if ('error' in value) {
    const { error } = value
    if ('result' in value || !isObject(error)) return undefined
    const { code, message } = error
    const { data } = isObject(values.error) ? values.error : error
    if (!Number.isInteger(code) || typeof code !== 'number' || typeof message !== 'string') return undefined
    return { id: value.id, reply: { error: new CommandError(code, message, data, { command }) } }
  }
  return 'result' in value ? { id: value.id, reply: { result: values.result } } : undefined
}

/** Whether a response refuses a whole request: an error without an id. */
function isRefusal({ id, reply }: Response): boolean {
  return id === null && reply.error !== undefined
}

/** C programs send the zero at the end of a text too, others a byte order mark in front of it. */
export function bareText(text: string): string {
  return text.slice(text.startsWith('\ufeff') ? 1 : 0, text.endsWith('\0') ? -1 : undefined)
}

/** Escaped in the message, such a character looks as if it were right. */
function controlHint(text: string): string | undefined {
  const at = text.search(RAW_CONTROL)
  return at < 0 ? undefined : `The control character at position ${at} is not allowed in JSON`
}

function idOf(reply: unknown): string | number | undefined {
  if (!isObject(reply)) return undefined
  return typeof reply.id === 'number' || typeof reply.id === 'string' ? reply.id : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
