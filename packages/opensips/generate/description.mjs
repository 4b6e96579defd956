/** @typedef {import('./merge.mjs').Command} Command */

/**
 * What a reader of a command's contract cannot see in it, in one line.
 * @param {Command} command
 * @param {readonly string[]} releases all of them, oldest first
 */
export function describeCommand(command, releases) {
  const method = `${command.module}:${command.name}`
  const has = command.releases.map(({ release }) => release)
  const older = command.releases
    .filter(({ names }) => !names.includes(method))
    .map(({ release, names }) => `; ${listed(names)} in ${release}`)
  const sentences = [`${listed([method])}${older.join('')}.`]
  if (has.length < releases.length) sentences.push(`${capital(spanOf(has, releases))}.`)
  if (command.namedOnly) sentences.push('Takes parameters by name only.')
  if (command.async) sentences.push('Answers later.')
  if (command.recipes.length === 0) sentences.push('It has no recipe: servers refuse every call.')
  return sentences.join(' ')
}

/**
 * One line on a module: the releases that have it, and where else its commands are or were.
 * @param {string} module
 * @param {readonly Command[]} commands
 * @param {readonly string[]} releases all of them, oldest first
 */
export function describeModule(module, commands, releases) {
  const inReleases = commands.flatMap((command) => command.releases)
  const has = releases.filter((release) => inReleases.some((each) => each.release === release))
  const elsewhere = has.flatMap((release) => {
    const modules = new Set(inReleases.filter((each) => each.release === release).map((each) => each.module))
    modules.delete(module)
    return modules.size === 0 ? [] : [`; from ${listed([...modules])} in ${release}`]
  })
  const span = has.length === releases.length ? '' : `, ${spanOf(has, releases)}`
  return `The commands of ${listed([module])}${span}${elsewhere.join('')}.`
}

/**
 * @param {readonly string[]} some a part of all
 * @param {readonly string[]} all oldest first
 * @returns {string} `since 4.0`, `up to 3.5`, `in 3.6 only`
 */
export function spanOf(some, all) {
  const newest = some.at(-1)
  if (newest === all.at(-1)) return `since ${some[0]}`
  return some[0] === all[0] ? `up to ${newest}` : `in ${some.join(', ')} only`
}

/** @param {readonly string[]} names */
const listed = (names) => names.map((name) => `\`${name}\``).join(', ')

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1)
