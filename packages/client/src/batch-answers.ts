import { isRefusal, parseAnswer, readResponse } from './answer.js'
import type { BatchAnswer } from './mi-client.js'
import { protocolError } from './protocol-error.js'

/**
 * The answers to the calls of a batch, in the order of the ids, in whatever order the server sent them.
 * @throws CommandError when the server refused the batch as a whole
 * @throws MiError `MI_PROTOCOL` when answers are missing, doubled, unknown, or none
 */
export function batchAnswers(subject: string, text: string | null, ids: readonly number[]): BatchAnswer[] {
  const value = parseAnswer(subject, text)
  if (!Array.isArray(value)) {
    const refusal = readResponse(value)
    if (refusal !== undefined && isRefusal(refusal)) throw refusal.answer.error
  }
  const answers = new Map<unknown, BatchAnswer>()
  const wanted = new Set<unknown>(ids)
  for (const item of Array.isArray(value) ? value : [value]) {
    const response = readResponse(item)
    if (response === undefined) throw protocolError(`no JSON-RPC answer to ${subject}`, text)
    // An element that the server could not make out has no id; its call is then among those without an answer.
    if (isRefusal(response)) continue
    const id = JSON.stringify(response.id)
    if (!wanted.has(response.id)) throw protocolError(`an answer with the unknown id ${id} to ${subject}`, text)
    if (answers.has(response.id)) throw protocolError(`two answers with id ${id} to ${subject}`, text)
    answers.set(response.id, response.answer)
  }
  const missing: number[] = []
  const inOrder: BatchAnswer[] = []
  for (const id of ids) {
    const answer = answers.get(id)
    if (answer === undefined) missing.push(id)
    else inOrder.push(answer)
  }
  if (missing.length > 0) throw protocolError(`no answer with id ${missing.join(', ')} to ${subject}`, text)
  return inOrder
}
