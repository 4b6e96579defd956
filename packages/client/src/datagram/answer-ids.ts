import type { JsonRpcId } from '@mi/contract'

const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = '"id"'
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const CLOSE_OBJECT = 0x7d

/** So many digits are always a safe integer. */
const maxDigits = 15

/**
 * The id of an answer, read off its end, where OpenSIPS and this project put it: `..."id":7}`; of a batch that of its
 * last answer. Nothing is parsed: in JSON that ends so, the brace closes the outermost object (or the last element of
 * the outermost array), so that `"id"` is its last member and counts, whatever came before.
 * @returns undefined where the id is written otherwise: ask `idsOf`. For what is no JSON at all the result says nothing.
 */
export function idAtEnd(text: string): number | undefined {
  let at = skipSpace(text, text.length - 1)
  if (text.charCodeAt(at) === CLOSE_ARRAY) at = skipSpace(text, at - 1)
  if (text.charCodeAt(at) !== CLOSE_OBJECT) return undefined
  at = skipSpace(text, at - 1)
  const end = at
  let id = 0
  let place = 1
  for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(at)) {
    if (end - at >= maxDigits) return undefined
    id += (code - ZERO) * place
    place *= 10
    at -= 1
  }
  // No digits; or a zero in front, which is no JSON.
  if (at === end || (end - at > 1 && text.charCodeAt(at + 1) === ZERO)) return undefined
  at = skipSpace(text, at)
  if (text.charCodeAt(at) !== COLON) return undefined
  at = skipSpace(text, at - 1) - QUOTE.length + 1
  // Behind a backslash the quote is a part of a longer name.
  return at > 0 && text.startsWith(QUOTE, at) && text.charCodeAt(at - 1) !== BACKSLASH ? id : undefined
}

/**
 * The ids of an answer or of the answers of a batch, by parsing it.
 * @returns empty when there is none but null, and for what is no JSON
 */
export function idsOf(text: string): JsonRpcId[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // No JSON has no id: `400 Parse_error`.
    return []
  }
  return (Array.isArray(value) ? value : [value]).map(idOf).filter((id) => id !== null)
}

function idOf(answer: unknown): JsonRpcId {
  if (typeof answer !== 'object' || answer === null || !('id' in answer)) return null
  return typeof answer.id === 'number' || typeof answer.id === 'string' ? answer.id : null
}

/** Where what is no white space ends, from a place backwards. */
function skipSpace(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); isSpace(code); code = text.charCodeAt(at)) at -= 1
  return at
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === TAB || code === RETURN
}
