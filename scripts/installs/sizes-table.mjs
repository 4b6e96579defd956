import { Failure } from '../failure.mjs'

const begin = '<!-- sizes:begin -->'
const end = '<!-- sizes:end -->'

/**
 * One measured installation.
 * @typedef {{ names: readonly string[], global?: boolean, packages: readonly string[], kilobytes: number }} Size names: what was
 *   asked for; packages: all that then was there
 */

/**
 * The table of installed sizes, in Markdown.
 * @param {readonly Size[]} sizes
 */
export function sizesTable(sizes) {
  const rows = sizes.map(({ names, global = false, packages, kilobytes }) => {
    const others = packages.filter((name) => !names.includes(name))
    return `| ${command(names, global)} | ${round(kilobytes)} kB | ${others.map((name) => name).join(', ') || 'nothing'} |`
  })
  return ['| install | takes | brings besides |', '|---|--:|---|', ...rows].join('\n')
}

/**
 * The sizes that a table tells, in kB, by what is installed.
 * @param {string} text with the table between its markers
 * @returns {Map<string, number>} `npm install @mi/client` to 123
 */
export function readSizes(text) {
  const rows = between(text).inside.matchAll(/^\| `(.+)` \| (\d+) kB \|/gm)
  return new Map([...rows].map(([, name = '', kilobytes]) => [name, Number(kilobytes)]))
}

/**
 * @param {string} text of a document
 * @param {string} table to stand between its markers
 * @throws {Failure} where it has none
 */
export function withTable(text, table) {
  const { before, after } = between(text)
  return `${before}${begin}\n${table}\n${end}${after}`
}

/** @param {string} text */
function between(text) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to < from) throw new Failure(`README.md has no place for the sizes: a line ${begin}, then ${end}.`)
  return {
    before: text.slice(0, from),
    inside: text.slice(from + begin.length, to),
    after: text.slice(to + end.length),
  }
}

/**
 * @param {readonly string[]} names
 * @param {boolean} global
 */
function command(names, global) {
  return `\`npm install ${global ? '--global ' : ''}${names.join(' ')}\``
}

/**
 * Two digits are as much as stays true for a while.
 * @param {number} kilobytes
 */
function round(kilobytes) {
  return Number(kilobytes.toPrecision(2))
}
