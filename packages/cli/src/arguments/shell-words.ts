import { UsageError } from '../failure.js'

/** One word of a line, with its place. */
export interface LineWord {
  /** Without its quotes. */
  readonly text: string
  /** Where it begins in the line, quotes included. */
  readonly start: number
  /** A quote that is not closed. */
  readonly openQuote: "'" | '"' | undefined
}

/**
 * Splits a line into words as a POSIX shell does: at blanks, with `'`, `"` and `\` as quotes. Nothing is expanded. The last
 * word may have an open quote: it is being typed.
 */
export function lineWords(line: string): LineWord[] {
  const words: LineWord[] = []
  let text = ''
  let start = -1
  let quote: "'" | '"' | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    const blank = quote === undefined && /\s/.test(char)
    if (blank && start === -1) continue
    if (blank) {
      words.push({ text, start, openQuote: undefined })
      text = ''
      start = -1
      continue
    }
    if (start === -1) start = at
    if (char === quote) quote = undefined
    else if (quote === undefined && (char === "'" || char === '"')) quote = char
    else if (char === '\\' && quote !== "'" && escapes(quote, line.charAt(at + 1))) text += line.charAt(++at)
    else text += char
  }
  if (start !== -1) words.push({ text, start, openQuote: quote })
  return words
}

/** Within double quotes a backslash is a normal character, except before these. */
function escapes(quote: '"' | undefined, next: string): boolean {
  return next !== '' && (quote === undefined || next === '"' || next === '\\')
}

/**
 * Splits a complete line into words.
 * @throws UsageError for an open quote
 */
export function splitWords(line: string): string[] {
  const words = lineWords(line)
  const open = words.at(-1)?.openQuote
  if (open !== undefined) throw new UsageError(`a closing ${open} is missing`)
  return words.map(({ text }) => text)
}

/** A string as one word of a line. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
