import { printableJson } from './printable.js'
import type { Style } from './style.js'

const indent = 4

/** A string with the colon that makes it a name, a number, or a word. JSON has nothing else but brackets and commas. */
const token = /("(?:[^"\\]|\\.)*")(:)?|-?\d[\d.eE+-]*|true|false|null/g

/** JSON over several lines, as opensips-cli prints it, in colours where the style has them. */
export function pretty(value: unknown, style: Style): string {
  const json = printableJson(JSON.stringify(value, null, indent))
  return json.replace(token, (found: string, string: string | undefined, colon: string | undefined) => {
    if (string !== undefined) return colon === undefined ? style.text(string) : `${style.name(string)}:`
    return /^[tfn]/.test(found) ? style.word(found) : style.number(found)
  })
}
