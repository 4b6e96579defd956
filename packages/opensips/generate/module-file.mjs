import { describeCommand, describeModule, spanOf } from './description.mjs'
import { exportName } from './names.mjs'
import { parameterType } from './parameter-types.mjs'
import { NOTICE, print, quoted } from './print.mjs'

/**
 * @typedef {import('./catalogue.mjs').Level} Level
 * @typedef {import('./merge.mjs').Command} Command
 * @typedef {import('./print.mjs').Entry} Entry
 * @typedef {import('./print.mjs').Part} Part
 *
 * What is known of all commands.
 * @typedef {object} Known
 * @property {readonly string[]} releases all of them, oldest first
 * @property {Readonly<Record<string, Level>>} levels by canonical name
 */

/**
 * Contracts of @mi/contract that say what commands of a module answer.
 * @type {Readonly<Record<string, string>>}
 */
const CONTRACTS = { core: 'coreContract', statistics: 'statisticsContract' }

/**
 * The file of one module.
 * @param {string} module
 * @param {readonly Command[]} commands of that module
 * @param {Known} known
 * @returns {string} TypeScript
 */
export function moduleFile(module, commands, known) {
  const contract = CONTRACTS[module]
  const imports = new Set(contract === undefined ? ['defineModule'] : [contract, 'defineModule'])
  const entries = commands.map((command) => ({
    key: command.name,
    value: { broken: true, entries: definition(command, known, imports) },
    comment: `/** ${describeCommand(command, known.releases)} */`,
  }))
  const from = contract === undefined ? [] : ["import { withResults } from '../with-results.js'"]
  /** @param {number} indent */
  const definitions = (indent) => print({ broken: true, entries }, indent, 0)
  const text =
    contract === undefined
      ? `defineModule(${quoted(module)}, ${definitions(0)})`
      : `defineModule(\n  ${quoted(module)},\n  withResults(${contract}, ${definitions(2)}),\n)`
  return `${[NOTICE, `import { ${[...imports].sort().join(', ')} } from '@mi/contract'`, ...from].join('\n')}

/** ${describeModule(module, commands, known.releases)} */
export const ${exportName(module)} = ${text}
`
}

/**
 * @param {Command} command
 * @param {Known} known
 * @param {Set<string>} imports takes the names that the text imports
 * @returns {Entry[]}
 */
function definition(command, { releases, levels }, imports) {
  const { module, name, aliases } = command
  /** @type {Entry[]} */
  const entries = []
  if (aliases.length > 0) {
    entries.push({ key: 'aliases', value: { items: aliases.map((alias) => ({ value: quoted(alias) })) } })
  }
  entries.push({ key: 'level', value: quoted(levels[`${module}:${name}`] ?? '') })
  entries.push({ key: 'recipes', value: { items: recipes(command, releases, imports) } })
  if (command.namedOnly) entries.push({ key: 'namedOnly', value: 'true' })
  if (command.async) entries.push({ key: 'async', value: 'true' })
  return entries
}

/**
 * @param {Command} command
 * @param {readonly string[]} releases
 * @param {Set<string>} imports
 * @returns {Part[]}
 */
function recipes(command, releases, imports) {
  return command.recipes.map((recipe) => ({
    // What holds for the command as a whole is said with the command.
    comment: recipe.releases.length < command.releases.length ? `// ${spanOf(recipe.releases, releases)}` : undefined,
    value: {
      entries: recipe.names.map((parameter) => {
        const { text, builders } = parameterType(command, parameter)
        for (const builder of builders) imports.add(builder)
        return { key: parameter, value: text }
      }),
    },
  }))
}
