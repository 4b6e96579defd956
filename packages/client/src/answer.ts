import { CommandError } from '@mi/contract'
import type { BatchAnswer } from './mi-client.js'
import { protocolError } from './protocol-error.js'

/** One JSON-RPC response, taken apart. */
export interface Response {
  readonly id: unknown
  readonly answer: BatchAnswer
}

/** @throws MiError `MI_PROTOCOL` when nothing came or it is no JSON */
export function parseAnswer(subject: string, text: string | null): unknown {
  if (text === null || text.trim() === '') throw protocolError(`an empty answer to ${subject}`, '')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw protocolError(`no JSON-RPC answer to ${subject}`, text, { cause })
  }
}

/** The response that a value is, or undefined when it is none (JSON-RPC 2.0 section 5). */
export function readResponse(value: unknown): Response | undefined {
  if (!isObject(value) || value.jsonrpc !== '2.0' || !('id' in value)) return undefined
  if ('error' in value) {
    const { error } = value
    if ('result' in value || !isObject(error)) return undefined
    const { code, message, data } = error
    if (!Number.isInteger(code) || typeof code !== 'number' || typeof message !== 'string') return undefined
    return { id: value.id, answer: { error: new CommandError(code, message, data) } }
  }
  return 'result' in value ? { id: value.id, answer: { result: value.result } } : undefined
}

/**
 * The final answer to one call. An error without an id is one too: the server could not make out the request.
 * @throws MiError `MI_PROTOCOL` for what is no response, or one to another request
 */
export function finalAnswer(subject: string, text: string | null, id: number): BatchAnswer {
  const response = readResponse(parseAnswer(subject, text))
  if (response === undefined) throw protocolError(`no JSON-RPC answer to ${subject}`, text)
  if (response.id !== id && !isRefusal(response)) {
    throw protocolError(`an answer with id ${JSON.stringify(response.id)} instead of ${id} to ${subject}`, text)
  }
  return response.answer
}

/** Whether a response refuses a whole request: an error without an id. */
export function isRefusal({ id, answer }: Response): boolean {
  return id === null && answer.error !== undefined
}

/**
 * A result that went ahead of the final one. An error is final, so nothing may follow it.
 * @throws MiError `MI_PROTOCOL` for what is no result of a call with one of the ids
 */
export function provisionalResults(
  subject: string,
  text: string,
  ids: readonly number[],
): { readonly index: number; readonly result: unknown }[] {
  const value = parseAnswer(subject, text)
  const places = new Map<unknown, number>(ids.map((id, index) => [id, index]))
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => {
    const response = readResponse(item)
    if (response === undefined) throw protocolError(`no JSON-RPC answer ahead of the final one to ${subject}`, text)
    const index = places.get(response.id)
    if (response.answer.error !== undefined) throw protocolError(`more than one final answer to ${subject}`, text)
    if (index === undefined) {
      throw protocolError(`an answer with id ${JSON.stringify(response.id)} ahead of the final one to ${subject}`, text)
    }
    return { index, result: response.answer.result }
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
