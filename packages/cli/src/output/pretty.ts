import { printableJson } from './printable.js'
import type { Style } from './style.js'

const indent = 4

/** Where a string, a number or a word begins. JSON has nothing else but brackets, commas and colons. */
const token = /"|-?\d[\d.eE+-]*|true|false|null/g

/** JSON over several lines, as opensips-cli prints it, in colours where the style has them. */
export function pretty(value: unknown, style: Style): string {
  const json = printableJson(JSON.stringify(value, null, indent))
  const next = new RegExp(token)
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

function marked(text: string, isName: boolean, style: Style): string {
  if (text.startsWith('"')) return isName ? style.name(text) : style.text(text)
  return /^[tfn]/.test(text) ? style.word(text) : style.number(text)
}

/** Where a string ends. A regular expression would run out of stack in a string of 10 MB. */
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
