import { compareReleases, merge } from './merge.mjs'
import { moduleFile } from './module-file.mjs'
import { assertDistinct, exportName } from './names.mjs'
import { NOTICE } from './print.mjs'

/**
 * @typedef {import('./catalogue.mjs').Catalogue} Catalogue
 * @typedef {import('./catalogue.mjs').Level} Level
 */

/**
 * Every generated file. The same catalogues give the same bytes, in whatever order they come.
 * @param {readonly Catalogue[]} catalogues one per release
 * @param {Readonly<Record<string, Level>>} levels of all commands, by canonical name
 * @param {Readonly<Record<string, string>>} [renames]
 * @returns {Map<string, string>} texts by path below src/
 * @throws TypeError when catalogues contradict each other or themselves, and when a command has no level
 */
export function generatedFiles(catalogues, levels, renames) {
  const ordered = catalogues.toSorted((a, b) => compareReleases(a.release, b.release))
  const releases = ordered.map(({ release }) => release)
  const commands = merge(ordered, renames)
  assertLevels(
    commands.map(({ module, name }) => `${module}:${name}`),
    Object.keys(levels),
  )
  const modules = [...new Set(commands.map(({ module }) => module))]
  assertDistinct(modules)
  return new Map([
    ['index.ts', indexFile(modules)],
    ...modules.map((module) => {
      const own = commands.filter((command) => command.module === module)
      return /** @type {const} */ ([`modules/${module}.ts`, moduleFile(module, own, { releases, levels })])
    }),
  ])
}

/**
 * @param {readonly string[]} methods
 * @param {readonly string[]} withLevel
 */
function assertLevels(methods, withLevel) {
  const missing = methods.find((method) => !withLevel.includes(method))
  if (missing !== undefined) throw new TypeError(`command-levels.json: '${missing}' has no level`)
  const unknown = withLevel.find((method) => !methods.includes(method))
  if (unknown !== undefined) throw new TypeError(`command-levels.json: no catalogue has '${unknown}'`)
}

/** @param {readonly string[]} modules */
function indexFile(modules) {
  const lines = modules.map((module) => `export { ${exportName(module)} } from './modules/${module}.js'`)
  return `${NOTICE}\n${lines.join('\n')}\n`
}
