/**
 * Writes literals the way the repository's formatter would, so that generating needs no formatter and the result no
 * second pass.
 *
 * @typedef {string} Text an expression, written as it is; where it has several lines, with its indentation
 * @typedef {{ readonly items: readonly Part[] }} List
 * @typedef {{ readonly entries: readonly Entry[], readonly broken?: boolean }} Dictionary broken: one line per entry, always
 * @typedef {Text | List | Dictionary} Value
 * @typedef {{ readonly key?: string, readonly value: Value, readonly comment?: string | undefined }} Part
 * @typedef {Part & { readonly key: string }} Entry
 */

/** First line of every generated file. */
export const NOTICE = '// Generated from catalogue/ by `npm run generate`; changes made here are lost.'

const LINE_WIDTH = 120

/**
 * @param {Value} value
 * @param {number} indent of the line that the value begins on
 * @param {number} column where on that line it begins
 * @returns {string}
 */
export function print(value, indent, column) {
  const flat = onOneLine(value)
  // One more for the comma or bracket that follows.
  if (flat !== undefined && column + flat.length + 1 <= LINE_WIDTH) return flat
  if (typeof value === 'string') return value
  const inner = ' '.repeat(indent + 2)
  const [open, close] = 'items' in value ? '[]' : '{}'
  const lines = partsOf(value).flatMap((part) => {
    const start = `${inner}${label(part)}`
    const comment = part.comment === undefined ? [] : [`${inner}${part.comment}`]
    return [...comment, `${start}${print(part.value, indent + 2, start.length)},`]
  })
  return [open, ...lines, `${' '.repeat(indent)}${close}`].join('\n')
}

/**
 * @param {string} name
 * @returns {string} the name, quoted where JavaScript wants it
 */
export function propertyName(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}

/**
 * @param {string} text
 * @returns {string} as a literal in single quotes
 */
export function quoted(text) {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/**
 * @param {Value} value
 * @returns {string | undefined} undefined where the value must have several lines
 */
function onOneLine(value) {
  if (typeof value === 'string') return value.includes('\n') ? undefined : value
  const parts = partsOf(value)
  if (parts.some(({ comment }) => comment !== undefined)) return undefined
  if ('items' in value ? isTable(value.items) : value.broken === true) return undefined
  const texts = parts.map((part) => {
    const text = onOneLine(part.value)
    return text === undefined ? undefined : label(part) + text
  })
  if (texts.includes(undefined)) return undefined
  if ('items' in value) return `[${texts.join(', ')}]`
  return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`
}

/**
 * The formatter gives each its own line when all of several items are objects of more than one property.
 * @param {readonly Part[]} items
 */
function isTable(items) {
  return items.length > 1 && items.every(({ value }) => typeof value === 'object' && partsOf(value).length > 1)
}

/**
 * @param {List | Dictionary} value
 * @returns {readonly Part[]}
 */
const partsOf = (value) => ('items' in value ? value.items : value.entries)

/** @param {Part} part */
const label = ({ key }) => (key === undefined ? '' : `${propertyName(key)}: `)
