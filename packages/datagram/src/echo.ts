/**
 * Tells answers of other servers from requests: no request is answered by itself. Two servers that answered each other's
 * errors would never end.
 */

const OPEN_BRACKET = 0x5b
const SMALL_E = 0x65

/** Where the answers of the engine have the first letter of `error`, or of `result`: in one line, and indented. */
const ERROR_AT = { compact: '{"jsonrpc":"2.0","e'.length - 1, pretty: '{\n\t"jsonrpc":\t"2.0",\n\t"e'.length - 1 }

/**
 * @param pretty whether the replies of this server are indented; those of another one may be otherwise
 * @returns whether the reply to a text is that text again, up to blanks
 */
export function echoTest(pretty: boolean): (text: string, reply: string) => boolean {
  const errorAt = pretty ? ERROR_AT.pretty : ERROR_AT.compact
  return (text, reply) => {
    if (reply === text) return true
    // Looked at more closely are errors and batches alone: this runs for every reply.
    if (reply.charCodeAt(errorAt) !== SMALL_E && reply.charCodeAt(0) !== OPEN_BRACKET) return false
    return withoutBlanks(reply) === withoutBlanks(text)
  }
}

function withoutBlanks(text: string): string {
  return text.replace(/[ \t\r\n]+/g, '')
}
