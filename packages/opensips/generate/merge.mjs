import { coreModules, renames as knownRenames, moduleSince4 } from './renames.mjs'

/**
 * @typedef {import('./catalogue.mjs').Catalogue} Catalogue
 * @typedef {import('./catalogue.mjs').CatalogueCommand} CatalogueCommand
 * @typedef {import('./catalogue.mjs').ParameterType} ParameterType
 *
 * What one release has of a command.
 * @typedef {object} InRelease
 * @property {string} release
 * @property {string} module
 * @property {string[]} names by which a server of that release is called
 *
 * A command of one release or of several.
 * @typedef {object} Command
 * @property {string} module
 * @property {string} name
 * @property {string[]} aliases
 * @property {{ readonly names: readonly string[], readonly releases: string[] }[]} recipes
 * @property {Record<string, ParameterType>} params
 * @property {boolean} namedOnly
 * @property {boolean} async
 * @property {InRelease[]} releases oldest first
 */

/**
 * Makes one list of commands out of the releases' lists. The newest release gives names and order; an older one adds the
 * names by which it knows a command, the recipes that are gone, and the commands that are gone.
 * @param {readonly Catalogue[]} catalogues in any order
 * @param {Readonly<Record<string, string>>} [renames]
 * @returns {Command[]} by module
 * @throws TypeError where releases contradict each other, or a rename names what does not exist
 */
export function merge(catalogues, renames = knownRenames) {
  /** @type {Map<string, Command>} */
  const commands = new Map()
  const unusedRenames = new Set(Object.keys(renames))
  for (const catalogue of catalogues.toSorted((a, b) => compareReleases(b.release, a.release))) {
    const isRenamed = (/** @type {CatalogueCommand} */ entry) => Object.hasOwn(renames, qualifiedName(entry))
    for (const entry of catalogue.commands.filter((each) => !isRenamed(each))) {
      const command = matching(commands, catalogue.release, entry)
      if (command === undefined) addCommand(commands, catalogue, entry)
      else addRelease(command, catalogue, entry)
    }
    // These come last, since one may be a second name of a command that has its first name by now.
    for (const entry of catalogue.commands.filter(isRenamed)) {
      const before = qualifiedName(entry)
      const method = renames[before] ?? ''
      const command = commands.get(method)
      if (command === undefined)
        throw new TypeError(`renames.mjs: '${before}' is said to be '${method}', which is nowhere`)
      addRelease(command, catalogue, entry)
      unusedRenames.delete(before)
    }
  }
  const [stale] = unusedRenames
  if (stale !== undefined) throw new TypeError(`renames.mjs: no catalogue has '${stale}'`)
  return [...commands.values()].sort((a, b) => (a.module < b.module ? -1 : a.module > b.module ? 1 : 0))
}

/**
 * The newer release's command that an entry is: one that has its name, or has it as an alias, in its module. What was
 * exported by `core` may be in any of the modules that came out of it.
 * @param {ReadonlyMap<string, Command>} commands
 * @param {string} release of the entry
 * @param {CatalogueCommand} entry
 * @returns {Command | undefined}
 */
function matching(commands, release, { module, name }) {
  const modules = module === 'core' ? coreModules : [moduleSince4(module)]
  const [found, another] = [...commands.values()].filter(
    (command) =>
      modules.includes(command.module) &&
      (command.name === name || command.aliases.includes(name)) &&
      command.releases[0]?.release !== release,
  )
  if (found !== undefined && another !== undefined) {
    throw new TypeError(
      `'${module}:${name}' may be '${qualifiedName(found)}' or '${qualifiedName(another)}': decide it in renames.mjs`,
    )
  }
  return found
}

/**
 * @param {Map<string, Command>} commands
 * @param {Catalogue} catalogue
 * @param {CatalogueCommand} entry
 */
function addCommand(commands, catalogue, entry) {
  const module = moduleSince4(entry.module)
  const method = `${module}:${entry.name}`
  if (commands.has(method)) {
    throw new TypeError(`'${entry.module}:${entry.name}' of ${catalogue.release} would be a second '${method}'`)
  }
  commands.set(method, {
    module,
    name: entry.name,
    aliases: [...entry.aliases],
    recipes: entry.recipes.map((names) => ({ names, releases: [catalogue.release] })),
    params: { ...entry.params },
    namedOnly: entry.namedOnly,
    async: entry.async,
    releases: [{ release: catalogue.release, module: entry.module, names: namesIn(catalogue, entry) }],
  })
}

/**
 * @param {Command} command
 * @param {Catalogue} catalogue
 * @param {CatalogueCommand} entry
 */
function addRelease(command, catalogue, entry) {
  const where = `'${command.module}:${command.name}' of ${catalogue.release}`
  for (const flag of /** @type {const} */ (['namedOnly', 'async'])) {
    if (command[flag] !== entry[flag]) throw new TypeError(`${where}: ${flag} differs from that of a newer release`)
  }
  for (const [parameter, type] of Object.entries(entry.params)) {
    const newer = command.params[parameter] ?? type
    command.params[parameter] = newer
    if (newer !== type) throw new TypeError(`${where}: '${parameter}' is '${type}' and in a newer release '${newer}'`)
  }
  const names = namesIn(catalogue, entry)
  const [oldest] = command.releases
  if (oldest?.release === catalogue.release) {
    // Two names of one release for one command, which its catalogue has as two commands.
    const known = command.recipes.filter(({ releases }) => releases.includes(catalogue.release))
    if (asText(known.map((recipe) => recipe.names)) !== asText(entry.recipes)) {
      throw new TypeError(`${where}: '${entry.name}' has other recipes than '${oldest.names[0]}'`)
    }
    oldest.names.push(...names)
  } else {
    command.releases.unshift({ release: catalogue.release, module: entry.module, names })
    for (const recipe of entry.recipes) {
      const same = command.recipes.find((each) => asText([each.names]) === asText([recipe]))
      if (same === undefined) command.recipes.push({ names: recipe, releases: [catalogue.release] })
      else same.releases.unshift(catalogue.release)
    }
  }
  for (const name of [...entry.aliases, entry.name]) {
    if (name !== command.name && !command.aliases.includes(name)) command.aliases.push(name)
  }
}

/**
 * @param {Catalogue} catalogue
 * @param {CatalogueCommand} entry
 */
function namesIn({ canonical }, { module, name, aliases }) {
  return [canonical ? `${module}:${name}` : name, ...aliases]
}

/** @param {readonly (readonly string[])[]} recipes */
const asText = (recipes) => recipes.map((names) => names.join()).join('|')

/** @param {{ readonly module: string, readonly name: string }} command */
const qualifiedName = ({ module, name }) => `${module}:${name}`

/**
 * By number: 3.10 comes after 3.9.
 * @param {string} a
 * @param {string} b
 */
export function compareReleases(a, b) {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA - majorB || minorA - minorB
}
