/** How much of a peer's text a message shows, in characters. */
const SHOWN_LENGTH = 200

/**
 * What would forge lines in a log or steer a terminal: controls (Cc), format characters such as U+202E (Cf), the separators of lines
 * (Zl, Zp); and half characters (Cs), which no file can hold.
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The beginning of what a peer sent, for a message: one line, short, with escapes in place of what cannot be shown. */
export function peerText(text: string, length = SHOWN_LENGTH): string {
  const start = text.length > length ? `${text.slice(0, length)}...` : text
  return start.replace(STEERING, escaped)
}

/** A JSON value that a peer sent, for a message. */
export function peerValue(value: unknown): string {
  if (typeof value === 'string') return peerText(JSON.stringify(value.slice(0, SHOWN_LENGTH)))
  if (Array.isArray(value)) return '[...]'
  return typeof value === 'object' && value !== null ? '{...}' : String(value)
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
