import { notice } from './notice.mjs'
import { print, quoted } from './print.mjs'

/**
 * @typedef {import('./catalogue.mjs').Catalogue} Catalogue
 * @typedef {import('./merge.mjs').Command} Command
 * @typedef {import('./print.mjs').Entry} Entry
 */

/**
 * The file with the table of releases.
 * @param {readonly Command[]} commands
 * @param {readonly Catalogue[]} catalogues oldest first
 * @returns {string} TypeScript
 */
export function releasesFile(commands, catalogues) {
  const table = commands.map((command) => ({
    key: `${command.module}:${command.name}`,
    value: { broken: true, entries: inReleases(command) },
  }))
  const versions = catalogues.map(({ release, version }) => ({ key: release, value: quoted(version) }))
  return `${notice}
import type { CommandReleases, Release } from './release.js'

export type { CommandRelease, CommandReleases, Release } from './release.js'

/** The servers whose commands these are, by release. */
export const versions: Readonly<Record<Release, string>> = ${print({ broken: true, entries: versions }, 0, 0)}

/** What each release has of each command, by the command's canonical name: \`releases[dialog.list.method]\`. */
export const releases: Readonly<Record<string, CommandReleases>> = ${print({ broken: true, entries: table }, 0, 0)}
`
}

/**
 * The file with the types of that table.
 * @param {readonly Catalogue[]} catalogues oldest first
 * @returns {string} TypeScript
 */
export function releaseFile(catalogues) {
  return `${notice}

/** A release of OpenSIPS whose commands are known. */
export type Release = ${catalogues.map(({ release }) => quoted(release)).join(' | ')}

/** What one release has of a command. */
export interface CommandRelease {
  /** The module that exports it there: \`core\` for \`cache:store\` in 3.5. */
  readonly module: string
  /** The names that a server of that release knows it by, the usual one first. */
  readonly names: readonly string[]
  /** Which of the contract's \`recipes\` that release has, by place from 0. Left out: all. */
  readonly recipes?: readonly number[] | undefined
}

/** What each release has of a command; a release without the command is left out. */
export type CommandReleases = { readonly [R in Release]?: CommandRelease | undefined }
`
}

/**
 * @param {Command} command
 * @returns {Entry[]}
 */
function inReleases(command) {
  return command.releases.map(({ release, module, names }) => {
    const recipes = command.recipes.flatMap((recipe, place) => (recipe.releases.includes(release) ? [place] : []))
    return {
      key: release,
      value: {
        entries: [
          { key: 'module', value: quoted(module) },
          { key: 'names', value: { items: names.map((name) => ({ value: quoted(name) })) } },
          ...(recipes.length === command.recipes.length ? [] : [{ key: 'recipes', value: `[${recipes.join(', ')}]` }]),
        ],
      },
    }
  })
}
