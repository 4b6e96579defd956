/**
 * What a catalogue calls a parameter's type. `any` is one that takes two types, or that the server never looks at.
 * @typedef {'string' | 'int' | 'bool' | 'array' | 'any'} ParameterType
 *
 * One command as one release has it.
 * @typedef {object} CatalogueCommand
 * @property {string} module
 * @property {string} name without the module: `list` in 4.0, `dlg_list` in 3.5
 * @property {readonly string[]} aliases
 * @property {readonly (readonly string[])[]} recipes names of the parameters, in their order
 * @property {Readonly<Record<string, ParameterType>>} params
 * @property {boolean} namedOnly
 * @property {boolean} async
 *
 * The commands of one release.
 * @typedef {object} Catalogue
 * @property {string} release `4.0`
 * @property {string} version `4.0.1`, the server that was asked
 * @property {boolean} canonical whether its names are `module:command`, as from 4.0 on
 * @property {readonly CatalogueCommand[]} commands
 */

/**
 * What a command does to a server: `CommandLevel` of @mi/contract.
 * @typedef {'read' | 'change' | 'admin'} Level
 */

const PARAMETER_TYPES = new Set(['string', 'int', 'bool', 'array', 'any'])
const FLAGS = new Set(['named_only', 'async'])

/** From the least to the most. */
const LEVELS = /** @type {const} */ (['read', 'change', 'admin'])

/**
 * Reads a catalogue, and refuses what the generator would otherwise leave out in silence.
 * @param {string} text content of a file of `catalogue/`
 * @returns {Catalogue}
 * @throws TypeError for an unknown type, flag or key, and for a parameter without a type or a recipe
 */
export function readCatalogue(text) {
  const { version, modules } = JSON.parse(text)
  const release = /^(\d+\.\d+)(\.|$)/.exec(version)?.[1]
  if (release === undefined) throw new TypeError(`catalogue: the version must be like 4.0.1, not ${version}`)
  const commands = Object.entries(modules).flatMap(([module, content]) =>
    Object.entries(content.commands).map(([name, entry]) =>
      readCommand(`${release} ${module}:${name}`, module, name, entry),
    ),
  )
  return { release, version, canonical: Number.parseInt(release, 10) >= 4, commands }
}

/**
 * @param {string} where
 * @param {string} module
 * @param {string} name
 * @param {{ recipes: string[][], params: Record<string, ParameterType>, flags?: string[], aliases?: string[] }} entry
 * @returns {CatalogueCommand}
 */
function readCommand(where, module, name, { recipes, params, flags = [], aliases = [], ...others }) {
  const [unknownKey] = Object.keys(others)
  if (unknownKey !== undefined) throw new TypeError(`catalogue ${where}: '${unknownKey}' is not understood`)
  for (const flag of flags) {
    if (!FLAGS.has(flag)) throw new TypeError(`catalogue ${where}: the flag '${flag}' is not understood`)
  }
  const used = new Set(recipes.flat())
  for (const parameter of used) {
    if (!Object.hasOwn(params, parameter)) throw new TypeError(`catalogue ${where}: '${parameter}' has no type`)
  }
  for (const [parameter, type] of Object.entries(params)) {
    if (!PARAMETER_TYPES.has(type))
      throw new TypeError(`catalogue ${where}: '${parameter}' has the unknown type '${type}'`)
    if (!used.has(parameter)) throw new TypeError(`catalogue ${where}: no recipe has '${parameter}'`)
  }
  return {
    module,
    name,
    aliases,
    recipes,
    params,
    namedOnly: flags.includes('named_only'),
    async: flags.includes('async'),
  }
}

/**
 * Reads the levels of commands. Where a level depends on a parameter (`unless`), the highest one counts: a contract has one
 * level, and it must not promise too little.
 * @param {string} text content of `catalogue/command-levels.json`
 * @returns {Record<string, Level>} by canonical name
 * @throws TypeError for an unknown level
 */
export function readLevels(text) {
  const entries = Object.entries(JSON.parse(text)).map(([method, entry]) => {
    const { level, unless = {} } = typeof entry === 'string' ? { level: entry } : entry
    const places = [level, ...Object.values(unless)].map((each) => LEVELS.indexOf(each))
    const highest = LEVELS[Math.max(...places)]
    if (places.includes(-1) || highest === undefined) {
      throw new TypeError(`command-levels.json: '${method}' must have the levels ${LEVELS.join(', ')}`)
    }
    return [method, highest]
  })
  return Object.fromEntries(entries)
}
