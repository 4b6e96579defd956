import { compareReleases, merge } from './merge.mjs'
import { moduleFile } from './module-file.mjs'
import { assertDistinct, exportName } from './names.mjs'
import { notice } from './notice.mjs'
import { releaseFile, releasesFile } from './releases-file.mjs'

/** @typedef {import('./catalogue.mjs').Catalogue} Catalogue */

/**
 * Every generated file. The same catalogues give the same bytes, in whatever order they come.
 * @param {readonly Catalogue[]} catalogues one per release
 * @param {Readonly<Record<string, string>>} [renames]
 * @returns {Map<string, string>} texts by path below src/
 * @throws TypeError when catalogues contradict each other or themselves
 */
export function generatedFiles(catalogues, renames) {
  const ordered = catalogues.toSorted((a, b) => compareReleases(a.release, b.release))
  const releases = ordered.map(({ release }) => release)
  const commands = merge(ordered, renames)
  const modules = [...new Set(commands.map(({ module }) => module))]
  assertDistinct(modules)
  return new Map([
    ['index.ts', indexFile(modules)],
    ['release.ts', releaseFile(ordered)],
    ['releases.ts', releasesFile(commands, ordered)],
    ...modules.map((module) => {
      const own = commands.filter((command) => command.module === module)
      return /** @type {const} */ ([`modules/${module}.ts`, moduleFile(module, own, releases)])
    }),
  ])
}

/** @param {readonly string[]} modules */
function indexFile(modules) {
  const lines = modules.map((module) => `export { ${exportName(module)} } from './modules/${module}.js'`)
  return `${notice}\n${lines.join('\n')}\n`
}
