import { describeCommand, describeModule, spanOf } from './description.mjs'
import { exportName } from './names.mjs'
import { notice } from './notice.mjs'
import { parameterType } from './parameter-types.mjs'
import { print, quoted } from './print.mjs'
import { results } from './results.mjs'

/**
 * @typedef {import('./merge.mjs').Command} Command
 * @typedef {import('./print.mjs').Entry} Entry
 * @typedef {import('./print.mjs').Part} Part
 */

/**
 * The file of one module.
 * @param {string} module
 * @param {readonly Command[]} commands of that module
 * @param {readonly string[]} releases all of them, oldest first
 * @returns {string} TypeScript
 */
export function moduleFile(module, commands, releases) {
  /** @type {Set<string>} */
  const builders = new Set(['defineModule'])
  const entries = commands.map((command) => ({
    key: command.name,
    value: { broken: true, entries: definition(command, releases, builders) },
    comment: `/** ${describeCommand(command, releases)} */`,
  }))
  return `${notice}
import { ${[...builders].sort().join(', ')} } from '@mi/contract'

/** ${describeModule(module, commands, releases)} */
export const ${exportName(module)} = defineModule(${quoted(module)}, ${print({ broken: true, entries }, 0, 0)})
`
}

/**
 * @param {Command} command
 * @param {readonly string[]} releases
 * @param {Set<string>} builders takes the names that the text imports
 * @returns {Entry[]}
 */
function definition(command, releases, builders) {
  const known = results[`${command.module}:${command.name}`]
  const flags = { namedOnly: command.namedOnly, async: command.async, idempotent: known?.idempotent === true }
  /** @type {Entry[]} */
  const entries = []
  if (command.aliases.length > 0) {
    entries.push({ key: 'aliases', value: { items: command.aliases.map((alias) => ({ value: quoted(alias) })) } })
  }
  entries.push({ key: 'recipes', value: { items: recipes(command, releases, builders) } })
  if (known !== undefined) {
    for (const builder of known.builders) builders.add(builder)
    entries.push({ key: 'result', value: known.result })
  }
  for (const [flag, holds] of Object.entries(flags)) {
    if (holds) entries.push({ key: flag, value: 'true' })
  }
  return entries
}

/**
 * @param {Command} command
 * @param {readonly string[]} releases
 * @param {Set<string>} builders
 * @returns {Part[]}
 */
function recipes(command, releases, builders) {
  return command.recipes.map((recipe) => ({
    // What holds for the command as a whole is said with the command.
    comment: recipe.releases.length < command.releases.length ? `// ${spanOf(recipe.releases, releases)}` : undefined,
    value: {
      entries: recipe.names.map((parameter) => {
        const { text, builders: needed } = parameterType(command, parameter)
        for (const builder of needed) builders.add(builder)
        return { key: parameter, value: text }
      }),
    },
  }))
}
