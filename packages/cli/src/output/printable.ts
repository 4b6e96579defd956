/**
 * What must not reach a terminal as it is: control characters (Cc) steer it; format characters (Cf), such as U+202E, turn
 * the order of what is shown, or are not seen; the separators U+2028 and U+2029 (Zl, Zp) break lines.
 */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A text without what would steer a terminal: such characters become `\xNN`, `\uNNNN` or `\UNNNNNNNN`, as YAML and shells
 * write them. SIP peers choose much of what a server shows, a User-Agent for one.
 * @param keep characters to leave as they are
 */
export function printable(text: string, keep = '\n\t'): string {
  return text.replace(steering, (char) => (keep.includes(char) ? char : escaped(char)))
}

/** JSON without such characters. The line ends between its parts stay: JSON has none within texts. */
export function printableJson(json: string): string {
  return json.replace(steering, (char) => (char === '\n' ? char : unitEscapes(char)))
}

function escaped(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16)
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

/** JSON has escapes for UTF-16 units alone, of which a character may have two. */
function unitEscapes(char: string): string {
  return char.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
