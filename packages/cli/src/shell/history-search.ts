import type { Interface } from 'node:readline'
import { CTRL_C, CTRL_R, type Keyboard } from '../keyboard.js'
import { printable } from '../printable.js'
import type { TerminalOutput } from '../terminal.js'

const CTRL_G = '\u0007'
const BACKSPACES = '\b\u007f'
const CLEAR = '\r\u001b[J'

/** What a search has found so far. */
interface Search {
  readonly query: string
  /** The place of the line in the history, the newest first; -1 while nothing is searched for. */
  readonly at: number
  readonly line: string
  readonly hasFailed: boolean
}

/**
 * Searches the history backwards for what is typed, as bash does. Ctrl-R goes further back, Enter runs the line, Ctrl-G and Ctrl-C
 * give it up; every other control key, such as an arrow, takes the line for editing.
 * @param lines the line editor; what it had comes back when the search is given up
 * @param history the newest line first
 * @param last what the search before looked for: a second Ctrl-R takes it
 * @returns the text that was searched for, at the end
 */
export function searchHistory(
  keyboard: Keyboard,
  lines: Interface,
  stdout: TerminalOutput,
  history: readonly string[],
  last: string,
): Promise<string> {
  const original = lines.line
  let search: Search = { query: '', at: -1, line: '', hasFailed: false }
  setLine(lines, '')
  const draw = (): void => {
    const { query, line, hasFailed } = search
    const text = printable(`(${hasFailed ? 'failed ' : ''}reverse-i-search)\`${query}': ${line}`, '')
    // On one row: the line editor does not know of others.
    stdout.write(`${CLEAR}${[...text].slice(0, (stdout.columns || 80) - 1).join('')}`)
  }
  draw()
  return new Promise((resolve) => {
    const end = (line: string, keys: string): void => {
      release()
      stdout.write(CLEAR)
      lines.prompt(true)
      setLine(lines, line)
      keyboard.type(keys)
      resolve(search.query)
    }
    const release = keyboard.capture((keys) => {
      let rest = keys
      while (rest !== '') {
        const [key = ''] = rest
        const line = search.at === -1 ? original : search.line
        rest = rest.slice(key.length)
        if (key === CTRL_R) search = older(search.query === '' ? { ...search, query: last } : search, history, 1)
        else if (BACKSPACES.includes(key))
          search = older({ ...search, query: withoutLast(search.query), at: -1 }, history, 0)
        else if (key === CTRL_G || key === CTRL_C) return end(original, rest)
        // Escape alone; with more behind it, it is an arrow or the like.
        else if (key === '\u001b' && rest === '') return end(line, '')
        else if (/\p{Cc}/u.test(key)) return end(line, key + rest)
        else search = older({ ...search, query: search.query + key }, history, 0)
      }
      draw()
    })
  })
}

/**
 * The next older line that has the query.
 * @param step 0: the line at which the search is may be it
 */
function older(search: Search, history: readonly string[], step: 0 | 1): Search {
  const { query, at, line } = search
  if (query === '') return { ...search, hasFailed: false, line: '', at: -1 }
  const from = Math.max(0, at === -1 ? 0 : at + step)
  const found = history.findIndex(
    (each, index) => index >= from && each.includes(query) && (step === 0 || each !== line),
  )
  if (found === -1) return { ...search, hasFailed: true }
  return { query, at: found, line: history[found] ?? '', hasFailed: false }
}

function withoutLast(text: string): string {
  return [...text].slice(0, -1).join('')
}

/** Replaces what is in the line editor. */
export function setLine(lines: Interface, text: string): void {
  lines.write(null, { ctrl: true, name: 'e' })
  lines.write(null, { ctrl: true, name: 'u' })
  if (text !== '') lines.write(text)
}
