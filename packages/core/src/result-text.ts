/** Beyond these, `JSON.stringify` is faster than looking for what must be escaped. */
const LARGEST_PLAIN_TEXT = 64
const MOST_MEMBERS = 16

const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_SURROGATE = 0xd800
const LAST_SURROGATE = 0xdfff

/**
 * The JSON text of a result, as `JSON.stringify` has it. Small plain results (texts, integers, one object of them) are put
 * together here: between system calls, when caches are cold, that takes half the time.
 * @throws what `JSON.stringify` throws
 */
export function resultText(result: unknown): string {
  return scalarText(result) ?? objectText(result) ?? JSON.stringify(result) ?? 'null'
}

/** Whether a result is sure to have the same text the next time: frozen, and nothing in it but plain values. */
export function isConstant(result: unknown): boolean {
  return (
    isPlainObject(result) &&
    Object.isFrozen(result) &&
    Object.values(Object.getOwnPropertyDescriptors(result)).every(
      ({ get, value }) => get === undefined && typeof value !== 'object' && typeof value !== 'function',
    )
  )
}

function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return isPlain(value) ? `"${value}"` : undefined
    case 'number':
      // Minus zero prints as 0 either way.
      return Number.isSafeInteger(value) ? `${value}` : undefined
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      return value === null ? 'null' : undefined
  }
}

function objectText(value: unknown): string | undefined {
  if (!isPlainObject(value)) return undefined
  const names = Object.keys(value)
  if (names.length > MOST_MEMBERS) return undefined
  let text = '{'
  for (const name of names) {
    const member = scalarText(value[name])
    if (member === undefined || !isPlain(name)) return undefined
    text += text.length === 1 ? `"${name}":${member}` : `,"${name}":${member}`
  }
  return `${text}}`
}

/** Nothing in it needs an escape, and no half of a surrogate pair stands alone: none stands there at all. */
function isPlain(text: string): boolean {
  if (text.length > LARGEST_PLAIN_TEXT) return false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char < SPACE || char === QUOTE || char === BACKSLASH) return false
    if (char >= FIRST_SURROGATE && char <= LAST_SURROGATE) return false
  }
  return true
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
