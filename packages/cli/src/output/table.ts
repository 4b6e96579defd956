import { printable, printableJson, width } from '../printable.js'
import type { Style } from '../terminal.js'
import { exactJson, isExactNumber } from './exact-number.js'
import { isObject, isScalar } from './lines.js'

/** A cell: its text, and whether it is a number. */
interface Cell {
  readonly text: string
  readonly isNumber: boolean
}

/**
 * A result as tables: a list of objects has a row for each object, an object has a row for each simple value. Nested values
 * have their own table under their name; within a row they are JSON.
 */
export function table(value: unknown, style: Style): string {
  return blocks(value, undefined, style).join('\n\n')
}

function blocks(value: unknown, title: string | undefined, style: Style): string[] {
  const under = (text: string): string[] => [
    title === undefined ? text : `${style.bold(printable(title, ''))}\n${text}`,
  ]
  if (Array.isArray(value)) return under(listTable(value, style))
  if (!isObject(value)) return under(cell(value).text)
  const entries = Object.entries(value)
  if (entries.length === 0) return under('(nothing)')
  const simple = entries.filter(([, item]) => isScalar(item))
  const deep = entries.filter(([, item]) => !isScalar(item))
  const rows = simple.map(([name, item]) => [{ text: printable(name, ''), isNumber: false }, cell(item)])
  const own = rows.length === 0 ? [] : under(aligned(rows))
  return [
    ...own,
    ...deep.flatMap(([name, item]) => blocks(item, title === undefined ? name : `${title}.${name}`, style)),
  ]
}

function listTable(items: readonly unknown[], style: Style): string {
  if (items.length === 0) return '(nothing)'
  if (!items.every(isObject)) return items.map((item) => cell(item).text).join('\n')
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))]
  const rows = items.map((item) => names.map((name) => cell(Object.hasOwn(item, name) ? item[name] : undefined)))
  const numeric = names.map((_, column) => rows.every((row) => row[column]?.isNumber !== false))
  const head = names.map((name, column) => ({ text: printable(name, ''), isNumber: numeric[column] === true }))
  const [first = '', ...rest] = aligned([head, ...rows]).split('\n')
  return [style.bold(first), ...rest].join('\n')
}

/** Each column has one width, with two blanks between columns; numbers are on the right. */
function aligned(rows: readonly (readonly Cell[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, { text }] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(text))
  }
  const lines = rows.map((row) => {
    const cells = row.map(({ text, isNumber }, column) => {
      const room = ' '.repeat((widths[column] ?? 0) - width(text))
      return isNumber ? `${room}${text}` : `${text}${room}`
    })
    return cells.join('  ').trimEnd()
  })
  return lines.join('\n')
}

function cell(value: unknown): Cell {
  if (value === undefined) return { text: '', isNumber: true }
  if (typeof value === 'string') return { text: printable(value, ''), isNumber: false }
  return { text: printableJson(exactJson(value)), isNumber: typeof value === 'number' || isExactNumber(value) }
}
