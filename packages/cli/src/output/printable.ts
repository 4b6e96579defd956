/**
 * A text without what would steer a terminal: control characters become `\xNN`. SIP peers choose much of what a server
 * shows, a User-Agent for one.
 * @param keep control characters to leave as they are
 */
export function printable(text: string, keep = '\n\t'): string {
  return text.replace(/\p{Cc}/gu, (char) =>
    keep.includes(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

/** JSON without raw control characters: JSON.stringify leaves DEL and those of Latin-1 (U+0080 to U+009F). */
export function printableJson(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
