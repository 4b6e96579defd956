import { AssertionError } from 'node:assert'

/** A JSON-RPC request; without an id it is a notification. */
export function requestText(id: number | string | undefined, ...params: readonly string[]): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'compliance:run', params, id })
}

/** The answer to a request. */
export function answerText(id: number | string, result: unknown = `answer to ${id}`): string {
  return JSON.stringify({ jsonrpc: '2.0', result, id })
}

/** An answer of exactly so many bytes, no two parts of it alike: a piece that is lost, doubled or moved shows. */
export function answerOfSize(id: number | string, bytes: number): string {
  return answerText(id, filling(bytes - answerText(id, '').length))
}

/** A request of exactly so many bytes. */
export function requestOfSize(id: number | string, bytes: number): string {
  return requestText(id, filling(bytes - requestText(id, '').length))
}

function filling(length: number): string {
  let text = ''
  for (let at = 0; text.length < length; at += 8) text += `${at.toString(36).padStart(7, '.')} `
  return text.slice(0, Math.max(0, length))
}

/** Characters that encodings and escapes get wrong: of two, three and four bytes, escaped ones, and controls. */
export const oddCharacters = 'é ß 漢字 ☃ 😀 👩‍👩‍👧 \u2028 \ufeff \u007f " \\ / \\u00e9 \b \f \t %s $& <&> :r:'

/** JSON with white space and escapes that no serializer would choose, so that a text that was rewritten shows. */
export const unusualRequest =
  '{ "id":7e0 ,\t"params" : [ "\\u00e9\\/\\ud83d\\ude00é😀" , "a\\"}b\\\\" ],  "jsonrpc":"2.0","method":"compliance:run" }'

/** Fails at the first place where two texts differ; prints the neighbourhood rather than a megabyte. */
export function sameText(actual: string | null, expected: string, what: string): void {
  if (actual === expected) return
  if (actual === null) throw new AssertionError({ message: `${what}: nothing came, expected ${excerpt(expected, 0)}` })
  let at = 0
  while (at < expected.length && actual[at] === expected[at]) at++
  throw new AssertionError({
    message:
      `${what}: ${actual.length} characters instead of ${expected.length}, different from character ${at} on: ` +
      `${excerpt(actual, at)} instead of ${excerpt(expected, at)}`,
  })
}

/** Part of a text, for a message. */
export function excerpt(text: string, at = 0): string {
  const from = Math.max(0, at - 10)
  const part = JSON.stringify(text.slice(from, from + 60))
  return `${from > 0 ? '...' : ''}${part}${from + 60 < text.length ? '...' : ''}`
}
