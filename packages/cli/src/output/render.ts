import { MiError } from '@mi/contract'
import type { OutputFormat } from '../arguments/options.js'
import { printable, printableJson } from '../printable.js'
import type { Style } from '../terminal.js'
import { exactJson, isExactNumber } from './exact-number.js'
import { isObject, linesOf, lineText } from './lines.js'
import { table } from './table.js'

const PRETTY_INDENT = 4

/** The start of a string, a number or a word. All else in JSON are brackets, commas and colons. */
const TOKEN = /"|-?\d[\d.eE+-]*|true|false|null/g

/** Strings that do not read back as a block of lines: blanks at the edge of a line, and line ends at the end (yaml 2.8.1). */
const NEEDS_QUOTES = /^[ \t]*\n|\n[ \t]|[ \t]\n|\n$/

/**
 * A result as text, without a line end at its end; '' for a result that has no lines.
 * @throws MiError `MI_PROTOCOL` for a result that is nested too deeply for the stack, or longer than a string can be
 */
export async function render(value: unknown, format: OutputFormat, style: Style): Promise<string> {
  try {
    return await textOf(value, format, style)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    const problem = `cannot print the result: it is nested too deeply, or too long (${cause.message})`
    throw new MiError('MI_PROTOCOL', problem, { cause })
  }
}

async function textOf(value: unknown, format: OutputFormat, style: Style): Promise<string> {
  switch (format) {
    case 'pretty':
      return pretty(value, style)
    case 'json':
      return printableJson(exactJson(value))
    case 'lines':
      return linesOf(value).map(lineText).join('\n')
    case 'yaml':
      return yaml(value)
    case 'table':
      return table(value, style)
    case 'none':
      return ''
  }
}

/** JSON over several lines, as opensips-cli prints it, in colours where the style has them. */
function pretty(value: unknown, style: Style): string {
  const json = printableJson(indented(value, ''))
  const next = new RegExp(TOKEN)
  const pieces: string[] = []
  let end = 0
  for (let found = next.exec(json); found !== null; found = next.exec(json)) {
    const [first] = found
    pieces.push(json.slice(end, found.index))
    end = first === '"' ? stringEnd(json, found.index) : next.lastIndex
    next.lastIndex = end
    pieces.push(marked(json.slice(found.index, end), json[end] === ':', style))
  }
  return pieces.join('') + json.slice(end)
}

/** As JSON.stringify indents, with the digits of numbers as they came. */
function indented(value: unknown, margin: string): string {
  const inner = margin + ' '.repeat(PRETTY_INDENT)
  if (Array.isArray(value))
    return block(
      '[',
      value.map((item) => indented(item, inner)),
      ']',
      margin,
    )
  if (!isObject(value)) return exactJson(value)
  const members = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${indented(item, inner)}`)
  return block('{', members, '}', margin)
}

function block(open: string, items: readonly string[], close: string, margin: string): string {
  if (items.length === 0) return open + close
  const inner = `\n${margin}${' '.repeat(PRETTY_INDENT)}`
  return `${open}${inner}${items.join(`,${inner}`)}\n${margin}${close}`
}

function marked(text: string, isName: boolean, style: Style): string {
  if (text.startsWith('"')) return isName ? style.name(text) : style.text(text)
  return /^[tfn]/.test(text) ? style.word(text) : style.number(text)
}

/** The end of a string. A regular expression would run out of stack in a string of 10 MB. */
function stringEnd(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1)
  while (isEscaped(json, quote)) quote = json.indexOf('"', quote + 1)
  return quote + 1
}

/** Whether a character has an odd number of backslashes in front. */
function isEscaped(json: string, at: number): boolean {
  let first = at
  while (json[first - 1] === '\\') first -= 1
  return (at - first) % 2 === 1
}

/** YAML 1.2, each long string on one line. Characters that could steer a terminal are escaped, and read back as they were. */
async function yaml(value: unknown): Promise<string> {
  const { Document, visit } = await import('yaml')
  const exactNumber = {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    identify: isExactNumber,
    resolve: Number,
    stringify: ({ value }: { value: unknown }) => String(value),
  }
  const document = new Document(value, { customTags: [exactNumber] })
  visit(document, {
    Scalar: (_, scalar) => {
      const text = scalar.value
      // Escapes have a meaning only within double quotes.
      if (typeof text === 'string' && (printable(text) !== text || NEEDS_QUOTES.test(text))) {
        scalar.type = 'QUOTE_DOUBLE'
      }
    },
  })
  // Only one line end: more of them are the end of a string.
  return printable(document.toString({ lineWidth: 0 })).replace(/\n$/, '')
}
