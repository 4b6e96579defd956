import { printable } from './printable.js'

/** One line of a result. */
export interface Line {
  /** Which value it shows: the same in the next answer. */
  readonly path: string
  readonly indent: number
  /** Left out for items of an array. */
  readonly name: string | undefined
  /** Left out for what has its values in the lines below. */
  readonly value: string | number | boolean | null | undefined
}

const step = 4

/** A result line by line, as opensips-cli prints it with `output_type: lines`. */
export function linesOf(value: unknown, path = '', indent = 0): Line[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => linesOf(item, `${path}[${index}]`, indent))
  if (!isObject(value)) return [{ path, indent, name: undefined, value: scalar(value) }]
  return Object.entries(value).flatMap(([name, item]): Line[] => {
    const at = `${path}.${name}`
    if (typeof item !== 'object' || item === null) return [{ path: at, indent, name, value: scalar(item) }]
    return [{ path: at, indent, name, value: undefined }, ...linesOf(item, at, indent + step)]
  })
}

/** The text of a line, without its end. */
export function lineText({ indent, name, value }: Line): string {
  const shown = value === undefined ? undefined : printable(String(value))
  const text = name === undefined ? shown : shown === undefined ? `${printable(name)}:` : `${printable(name)}: ${shown}`
  return `${' '.repeat(indent)}${text ?? ''}`
}

/** Whether a JSON value is an object, and no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON has no other values that are no objects. */
function scalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}
