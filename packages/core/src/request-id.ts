/**
 * Finds how an id was written. `JSON.parse` rounds large numbers (12345678901234567890) and overflows others (1e400), yet
 * the answer must carry the id as it was. A small integer in another spelling (2.0E+3) is the same number and goes out as
 * 2000, which saves looking for it.
 */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g

/**
 * The text of an id, ready for the answer.
 * @param source the whole request text, which is valid JSON
 * @param element which request of a batch, or undefined when the text is one request
 * @returns undefined when the value is no id: neither a text, a number nor null
 */
export function idText(id: unknown, source: string, element: number | undefined): string | undefined {
  if (id === null) return 'null'
  if (typeof id === 'string') return JSON.stringify(id)
  if (typeof id !== 'number') return undefined
  if (Number.isSafeInteger(id) && id !== 0) return String(id)
  return writtenId(source, element)
}

/** The token behind the last member `id` of the request, since that is the one that counts. */
function writtenId(source: string, element: number | undefined): string {
  const level = element === undefined ? 1 : 2
  let depth = 0
  let index = 0
  let previous = ''
  let key = ''
  let found = 'null'
  for (const [token] of source.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token === ':') key = previous
    else if (token === ',') {
      if (level === 2 && depth === 1) index++
    } else if (previous === ':' && depth === level && index === (element ?? 0) && JSON.parse(key) === 'id')
      found = token
    previous = token
  }
  return found
}
