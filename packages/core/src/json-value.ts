import { CommandError, ErrorCode, type JsonRpcParams } from '@mi/contract'

/** How deep values are looked through here. What is deeper is left to `JSON.stringify`, which finds cycles too. */
const MOST_LEVELS = 100

/** Beyond these, `JSON.stringify` is faster than looking for what must be escaped. */
const LONGEST_PLAIN_TEXT = 64
const MOST_MEMBERS = 16

const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_SURROGATE = 0xd800
const LAST_SURROGATE = 0xdfff

/** A UTF-16 unit takes three bytes at most. */
const BYTES_PER_UNIT = 3

/** What is answered in place of a result that is too long. */
export function tooLong(maxBytes: number): CommandError {
  return new CommandError(ErrorCode.ServerError, undefined, `Reply exceeds the limit of ${maxBytes} bytes`)
}

/** Whether a value can be the parameters of a request; whether they fit a command is still to be seen. */
export function areParams(value: unknown): value is JsonRpcParams | undefined {
  return value === undefined || (typeof value === 'object' && value !== null)
}

/**
 * The JSON text of a result, as `JSON.stringify` has it. Small plain results (texts, integers, one object of them) are put
 * together here: between system calls, when caches are cold, that takes half the time.
 * @param maxBytes length of the text at most; looked at while the text is made
 * @throws CommandError when it is longer; what `JSON.stringify` throws for what JSON cannot carry
 */
export function jsonText(value: unknown, maxBytes: number): string {
  const text = scalarText(value) ?? objectText(value) ?? longText(value, maxBytes)
  if (text.length * BYTES_PER_UNIT > maxBytes && Buffer.byteLength(text) > maxBytes) throw tooLong(maxBytes)
  return text
}

/**
 * A result as JSON carries it, without a text where none is needed: the value itself if it holds nothing but plain data, else
 * what its JSON text means (a `Date` is a string, `undefined` is absent, `toJSON` was asked).
 * @param maxBytes length of that text at most
 * @throws as `jsonText`
 */
export function jsonValue(value: unknown, maxBytes: number): unknown {
  // A value takes one byte of text at least, so that one that refers to itself ends here too.
  if (isJson(value, MOST_LEVELS, { left: maxBytes })) return value
  return JSON.parse(jsonText(value, maxBytes))
}

/** Whether a result is sure to have the same text the next time: frozen, and nothing in it but plain values. */
export function isConstant(value: unknown): value is object {
  return (
    isPlainObject(value) &&
    Object.isFrozen(value) &&
    Object.values(Object.getOwnPropertyDescriptors(value)).every(
      ({ get, value: member }) => get === undefined && typeof member !== 'object' && typeof member !== 'function',
    )
  )
}

function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return isPlainText(value) ? `"${value}"` : undefined
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
    if (member === undefined || !isPlainText(name)) return undefined
    text += text.length === 1 ? `"${name}":${member}` : `,"${name}":${member}`
  }
  return `${text}}`
}

/** Nothing in it needs an escape, and no half of a surrogate pair stands alone: none stands there at all. */
function isPlainText(text: string): boolean {
  if (text.length > LONGEST_PLAIN_TEXT) return false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char < SPACE || char === QUOTE || char === BACKSLASH) return false
    if (char >= FIRST_SURROGATE && char <= LAST_SURROGATE) return false
  }
  return true
}

/** Printed only when it may fit: the length that it has at least is known before. */
function longText(value: unknown, maxBytes: number): string {
  const left = roomAfter(value, maxBytes, MOST_LEVELS)
  if (left < 0) throw tooLong(maxBytes)
  return (Number.isNaN(left) ? JSON.stringify(value, lengthGuard(maxBytes)) : JSON.stringify(value)) ?? 'null'
}

/**
 * What is left of `room` after the JSON text of a value, counted too short rather than too long.
 * @returns below 0 as soon as there is no room; NaN where only printing can tell
 */
function roomAfter(value: unknown, room: number, levels: number): number {
  switch (typeof value) {
    case 'string':
      return room - value.length - 2
    case 'number':
      // Above 1e21 there is an exponent; infinity prints as null.
      return room - (Math.abs(value) >= 1e6 && Math.abs(value) < 1e21 ? 7 : 1)
    case 'object':
      if (value === null) return room - 4
      if (levels === 0) return Number.NaN
      return Array.isArray(value) ? roomAfterItems(value, room, levels) : roomAfterMembers(value, room, levels)
    case 'boolean':
      return room - 4
    case 'bigint':
      return Number.NaN
    default:
      return room
  }
}

function roomAfterItems(items: readonly unknown[], room: number, levels: number): number {
  if (hasToJson(items)) return Number.NaN
  let left = room - 1
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (typeof item === 'string') left -= item.length + 3
    // Printed as null.
    else if (item === undefined || typeof item === 'function' || typeof item === 'symbol') left -= 5
    else left = roomAfter(item, left - 1, levels - 1)
    if (!(left >= 0)) return left
  }
  return left
}

function roomAfterMembers(value: object, room: number, levels: number): number {
  // Of another class: it may print as something else, as a boxed string does.
  if (!isPlainObject(value)) return Number.NaN
  let left = room - 1
  // Its prototype has nothing to enumerate, and this makes no list of names. (A member toJSON is a function, found below.)
  for (const name in value) {
    const member = value[name]
    if (typeof member === 'string') left -= name.length + member.length + 6
    else if (typeof member === 'function') return Number.NaN
    else if (member !== undefined && typeof member !== 'symbol') {
      left = roomAfter(member, left - name.length - 4, levels - 1)
    }
    if (!(left >= 0)) return left
  }
  return left
}

/** For `JSON.stringify`: throws as soon as the text is sure to be too long. Slower than `roomAfter`, and sees what `toJSON` gives. */
function lengthGuard(maxBytes: number): (this: unknown, key: string, value: unknown) => unknown {
  let left = maxBytes
  return function (this: unknown, key, value) {
    const isItem = Array.isArray(this)
    // Members without a value are left out.
    if (!isItem && (value === undefined || typeof value === 'function' || typeof value === 'symbol')) return value
    left -= isItem ? 1 : key.length
    left -= typeof value === 'string' ? value.length + 2 : 1
    if (left < 0) throw tooLong(maxBytes)
    return value
  }
}

/** Bytes of text that the values looked at have at least may still have. */
interface Budget {
  left: number
}

function isJson(value: unknown, levels: number, budget: Budget): boolean {
  switch (typeof value) {
    case 'string':
      budget.left -= value.length + 2
      return budget.left >= 0
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      if (value === null) return true
      if (levels === 0 || --budget.left < 0 || hasToJson(value)) return false
      return Array.isArray(value)
        ? areJson(value, levels, budget)
        : isPlainObject(value) && haveJson(value, levels, budget)
    default:
      return false
  }
}

function areJson(items: readonly unknown[], levels: number, budget: Budget): boolean {
  // Each item and its comma take two bytes at least.
  budget.left -= 2 * items.length
  for (let index = 0; index < items.length; index++) if (!isJson(items[index], levels - 1, budget)) return false
  return true
}

function haveJson(value: Readonly<Record<string, unknown>>, levels: number, budget: Budget): boolean {
  for (const name of Object.keys(value)) {
    budget.left -= name.length + 3
    if (!isJson(value[name], levels - 1, budget)) return false
  }
  return Object.getOwnPropertySymbols(value).length === 0
}

function hasToJson(value: object): boolean {
  return 'toJSON' in value
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
