/** A number of a reply that JavaScript would write in other digits, as the client gives it. */
interface ExactNumber {
  /** The digits as they came. */
  readonly text: string
}

/**
 * Whether a value of a reply is such a number: all other objects in replies are plain. Like `isExactNumber` of @mi/client, which is
 * not loaded for this: what prints is loaded before it is known whether a server is asked.
 */
export function isExactNumber(value: unknown): value is ExactNumber {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null && 'text' in value && typeof value.text === 'string'
}

/**
 * A value of a reply as JSON on one line, with the digits of numbers as they came.
 * @throws RangeError for a value that is nested too deeply for the stack
 */
export function exactJson(value: unknown): string {
  if (isExactNumber(value)) return value.text
  if (Array.isArray(value)) return `[${value.map(exactJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${exactJson(item)}`)
    .join()}}`
}
