/**
 * What must not reach a terminal as it is: control characters (Cc) steer it; format characters (Cf), such as U+202E, change
 * the order of what is shown, or are invisible; the separators U+2028 and U+2029 (Zl, Zp) break lines.
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A text that cannot steer a terminal: such characters become `\xNN`, `\uNNNN` or `\UNNNNNNNN`, as YAML and shells write them.
 * SIP peers choose much of what a server shows, a User-Agent for example.
 * @param keep characters to leave as they are
 */
export function printable(text: string, keep = '\n\t'): string {
  return text.replace(STEERING, (char) => (keep.includes(char) ? char : escaped(char)))
}

/** JSON without such characters. Line ends between its parts stay: JSON has none within strings. */
export function printableJson(json: string): string {
  return json.replace(STEERING, (char) => (char === '\n' ? char : unitEscapes(char)))
}

function escaped(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16)
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

/** JSON has escapes only for UTF-16 units; a character may have two of them. */
function unitEscapes(char: string): string {
  return char.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Letters of East Asia and emoji, as terminals show them; a variation selector makes an emoji of a sign. */
const WIDE =
  /^(?![\uff61-\uffdc])[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Yi}\p{Emoji_Presentation}\u3000-\u303e\u30fc\uff01-\uff60\uffe0-\uffe6]|\ufe0f|^\p{Regional_Indicator}{2}/u

/** The columns of a terminal that a text takes: two for a wide character, none for a mark that stands alone. */
export function width(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const { segment } of GRAPHEMES.segment(text)) columns += widthOf(segment)
  return columns
}

/** As much of a text, from its start, as fits in so many columns. */
export function clip(text: string, columns: number): string {
  if (text.length <= columns && /^[ -~]*$/.test(text)) return text
  let room = columns
  let end = 0
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    room -= widthOf(segment)
    if (room < 0) break
    end = index + segment.length
  }
  return text.slice(0, end)
}

function widthOf(segment: string): number {
  if (WIDE.test(segment)) return 2
  return /^\p{M}+$/u.test(segment) ? 0 : 1
}

/** Breaks a text at blanks. A word that is longer than a line stays whole. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
