import { printable } from '../printable.js'
import { isExactNumber } from './exact-number.js'

/** One line of a result. */
export interface Line {
  /** Which value it shows: the same in the next result. */
  readonly path: string
  readonly indent: number
  /** Undefined for items of an array. */
  readonly name: string | undefined
  /** Undefined where the values are in the lines below. */
  readonly value: string | number | boolean | null | undefined
}

/** A line with what has become of it since the last result. */
export interface MarkedLine {
  readonly text: string
  /** Another value than before, or a new line. False where there was no result before. */
  readonly isChanged: boolean
}

/** The lines of a result by their paths. */
export type Snapshot = ReadonlyMap<string, Line>

const INDENT = 4

/** A result line by line, as opensips-cli prints it with `output_type: lines`. */
export function linesOf(value: unknown, path = '', indent = 0): Line[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => linesOf(item, `${path}[${index}]`, indent))
  if (!isObject(value)) return [{ path, indent, name: undefined, value: scalar(value) }]
  return Object.entries(value).flatMap(([name, item]): Line[] => {
    const at = `${path}.${name}`
    if (isScalar(item)) return [{ path: at, indent, name, value: scalar(item) }]
    return [{ path: at, indent, name, value: undefined }, ...linesOf(item, at, indent + INDENT)]
  })
}

/** The text of a line, without its end. */
export function lineText({ indent, name, value }: Line): string {
  // Nor may a text look like several lines.
  const shown = value === undefined ? undefined : printable(String(value), '')
  const label = name === undefined ? undefined : printable(name, '')
  const text = label === undefined ? shown : shown === undefined ? `${label}:` : `${label}: ${shown}`
  return `${' '.repeat(indent)}${text ?? ''}`
}

/** Keeps a result to compare the next one with. */
export function snapshotOf(lines: readonly Line[]): Snapshot {
  return new Map(lines.map((line) => [line.path, line]))
}

/** Marks what differs from the result before; numbers also say by how much: `rcv_requests: 1034 (+12)`. */
export function markChanges(lines: readonly Line[], before: Snapshot | undefined): MarkedLine[] {
  return lines.map((line) => {
    const text = lineText(line)
    if (before === undefined) return { text, isChanged: false }
    const old = before.get(line.path)
    if (old?.value === line.value && old?.name === line.name) return { text, isChanged: false }
    const difference = numberOf(line.value) - numberOf(old?.value)
    if (!Number.isFinite(difference)) return { text, isChanged: true }
    return { text: `${text} (${difference < 0 ? '' : '+'}${difference})`, isChanged: true }
  })
}

/** Whether a JSON value is an object, not an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return !isScalar(value) && !Array.isArray(value)
}

/** Whether a JSON value is neither an object nor an array. */
export function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null || isExactNumber(value)
}

/** JSON has no other values that are not objects. A number that JavaScript would write in other digits is a text. */
function scalar(value: unknown): string | number | boolean | null {
  if (isExactNumber(value)) return value.text
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}

/** Servers send some numbers as strings. NaN for what is not a number, and for numbers too large to be exact. */
function numberOf(value: Line['value']): number {
  if (typeof value !== 'number' && (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value))) return Number.NaN
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : Number.NaN
}
