import { Failure } from '../failure.mjs'

/**
 * What one installs for a purpose, measured.
 * @typedef {{
 *   to: string, names: readonly string[], global?: boolean, packages: readonly string[], kilobytes: number
 * }} MeasuredInstallation packages: all that is there afterwards
 * @typedef {{ manifest: import('../workspace.mjs').Manifest, kilobytes: number }} MeasuredPackage kilobytes: what its own files hold
 */

/**
 * The table of what to install, in Markdown.
 * @param {readonly MeasuredInstallation[]} installations
 */
export function installationsTable(installations) {
  const rows = installations.map(({ to, names, global = false, packages, kilobytes }) => {
    const others = packages.filter((name) => !names.includes(name))
    return [to, installCommand(names, global), size(kilobytes), others.join(', ') || 'nothing']
  })
  return table(['to', 'install', 'takes', 'which brings besides'], rows)
}

/**
 * The table of packages, in Markdown: each as its package.json says.
 * @param {readonly MeasuredPackage[]} packages
 */
export function packagesTable(packages) {
  const rows = packages.map(({ manifest: { name, description, dependencies, peerDependencies }, kilobytes }) => {
    const optional = peerDependencies === undefined ? '' : `; optional: ${names(peerDependencies)}`
    return [link(name), description, size(kilobytes), `${names(dependencies) || 'nothing'}${optional}`]
  })
  return table(['package', 'what for', 'size', 'depends on'], rows)
}

/** @param {string} name */
function link(name) {
  return `[${name}](packages/${name.slice('@mi/'.length)})`
}

/** @param {import('../workspace.mjs').Dependencies} dependencies */
function names(dependencies = {}) {
  return Object.keys(dependencies)
    .map((name) => `\`${name}\``)
    .join(', ')
}

/**
 * @param {readonly string[]} packages
 * @param {boolean} global
 */
function installCommand(packages, global) {
  return `\`npm install ${global ? '--global ' : ''}${packages.join(' ')}\``
}

/**
 * Two digits are as much as stays true for a while.
 * @param {number} kilobytes
 */
function size(kilobytes) {
  return `${Number(kilobytes.toPrecision(2))} kB`
}

/**
 * @param {readonly string[]} head whose third column has numbers
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  return [head, ['---', '---', '--:', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/**
 * The sizes that the tables of a document tell, in kB: by package, and by the command that installs.
 * @param {string} text
 * @returns {Map<string, number>} `npm install @mi/client` to 123, `@mi/client` to 45
 */
export function readSizes(text) {
  const rows = text.matchAll(/^\| (.+) \| (.+) \| (\d+) kB \| .+ \|$/gm)
  return new Map(
    [...rows].map(([, first = '', second = '', kilobytes]) => {
      const name = /^\[(.+)\]\(/.exec(first)?.[1] ?? second.replaceAll('`', '')
      return [name, Number(kilobytes)]
    }),
  )
}

/**
 * @param {string} text of a document
 * @param {string} name of a place in it: between `<!-- NAME:begin -->` and `<!-- NAME:end -->`
 * @param {string} content to stand there
 * @throws {Failure} where it has no such place
 */
export function withContent(text, name, content) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to < from) throw new Failure(`README.md has no place for ${name}: a line ${begin}, then ${end}.`)
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`
}
