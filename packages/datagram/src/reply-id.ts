/**
 * Finds the id in the text of an answer. It is taken from there as it is written, since the engine echoes it exactly, and
 * numbers such as 12345678901234567890 or 1.0 would not survive being read and printed.
 */

/** The member `id` at the end of the object that is the whole text, as the engine and most others write it. */
const AT_THE_END = /"id"\s*:\s*("(?:[^"\\]|\\.)*"|[^\s"{}[\],]+)\s*\}\s*$/y

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g

/**
 * @param reply JSON that was written by a program
 * @returns the JSON text of the id; `null` when there is none: the answer to a batch, or no JSON-RPC answer
 */
export function replyId(reply: string): string {
  if (!reply.startsWith('{')) return 'null'
  // In JSON, `"id"` with scalar and closing brace behind it can only be a member of what that brace closes.
  AT_THE_END.lastIndex = Math.max(0, reply.lastIndexOf('"id"'))
  return AT_THE_END.exec(reply)?.[1] ?? idAnywhere(reply)
}

/** The last member `id` of the outermost object. */
function idAnywhere(reply: string): string {
  let depth = 0
  let previous = ''
  let key = ''
  let found = 'null'
  for (const [token] of reply.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token === ':') key = previous
    else if (token !== ',' && previous === ':' && depth === 1 && key === '"id"') found = token
    previous = token
  }
  return found
}
