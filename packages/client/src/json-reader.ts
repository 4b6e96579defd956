const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const LOWER_F = 0x66
const LOWER_N = 0x6e
const LOWER_T = 0x74
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const SPACE = 0x20

/** What `JSON.parse` cannot do. */
export interface JsonReading {
  /** Makes a value of the digits of a number. */
  readonly number: (text: string) => unknown
  /**
   * What becomes of a name that an object has more than once: the last value counts, as in `JSON.parse`, or all of them are
   * kept as a list, in the order of the text.
   */
  readonly repeated: 'last' | 'list'
}

/** An object or array that is being read. */
interface Container {
  readonly value: unknown[] | Record<string, unknown>
  /** The name that awaits its value. */
  name: string | undefined
  /** The names whose values are in a list, since they are repeated. */
  repeated: Set<string> | undefined
  readonly around: Container | undefined
}

/**
 * Reads a text that `JSON.parse` has accepted: nothing is checked again. It is several times slower, does not recurse, and
 * keeps no part of the text alive.
 */
export function readJson(text: string, { number, repeated }: JsonReading): unknown {
  let open: Container | undefined
  let top: unknown
  const put = (value: unknown): void => {
    if (open === undefined) top = value
    else if (Array.isArray(open.value)) open.value.push(value)
    else putNamed(open, open.value, value, repeated)
  }
  let at = 0
  while (at < text.length) {
    const char = text.charCodeAt(at)
    if (char <= SPACE || char === COMMA || char === COLON) {
      at += 1
      continue
    }
    let end = at + 1
    if (char === QUOTE) {
      end = endOfString(text, at)
      const string: unknown = JSON.parse(text.slice(at, end))
      if (open !== undefined && !Array.isArray(open.value) && open.name === undefined) open.name = String(string)
      else put(string)
    } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      const value = char === OPEN_OBJECT ? {} : []
      put(value)
      open = { value, name: undefined, repeated: undefined, around: open }
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
      open = open?.around
    } else if (char === LOWER_T || char === LOWER_F || char === LOWER_N) {
      end = at + (char === LOWER_F ? 5 : 4)
      put(char === LOWER_N ? null : char === LOWER_T)
    } else {
      end = endOfNumber(text, at)
      put(number(text.slice(at, end)))
    }
    at = end
  }
  return top
}

function putNamed(open: Container, object: object, value: unknown, repeated: JsonReading['repeated']): void {
  const { name = '' } = open
  open.name = undefined
  let kept = value
  if (repeated === 'list' && Object.hasOwn(object, name)) {
    const before: unknown = Reflect.get(object, name)
    const isList = open.repeated?.has(name) === true && Array.isArray(before)
    if (isList) {
      before.push(value)
      return
    }
    open.repeated = (open.repeated ?? new Set()).add(name)
    kept = [before, value]
  }
  // Not by assignment, which `__proto__` would divert.
  Object.defineProperty(object, name, { value: kept, writable: true, enumerable: true, configurable: true })
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) return at + 1
    at += char === BACKSLASH ? 2 : 1
  }
  return at
}

/** A number ends at a blank, a comma or a closing bracket, or with the text. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1
  while (at < text.length) {
    const char = text.charCodeAt(at)
    if (char <= SPACE || char === COMMA || char === CLOSE_ARRAY || char === CLOSE_OBJECT) break
    at += 1
  }
  return at
}
