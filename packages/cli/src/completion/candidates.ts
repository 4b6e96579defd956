import { type OptionSpec, optionSpecs } from '../arguments/options.js'
import { subcommands } from '../arguments/parse.js'
import { contextOf, type LineContext } from './line-context.js'

/** What a server has, or is supposed to have. */
export interface Knowledge {
  commands(): Promise<readonly string[]>
  /** The parameter names of each recipe. Empty for a command that is not known. */
  recipes(command: string): Promise<readonly (readonly string[])[]>
}

/** The shells that there is completion for. */
export const shells = ['bash', 'zsh', 'fish'] as const

/**
 * What a word may become. Names of parameters end with `=`: no blank is to follow them.
 * @param before the words in front of it, without the name `mi`
 * @param builtins words that are understood in place of a command
 */
export async function candidates(
  before: readonly string[],
  word: string,
  knowledge: Knowledge,
  builtins: readonly string[] = subcommands,
): Promise<string[]> {
  const all = await possible(before, word, knowledge, builtins)
  const found = all.filter((name) => name.startsWith(word))
  return [...new Set(found.length > 0 ? found : bareNames(all).filter((name) => name.startsWith(word)))].sort()
}

/** OpenSIPS 4.0 lists `core:ps` and takes `ps` too, unless another module has a command of that name. */
function bareNames(names: readonly string[]): string[] {
  const bare = names.filter((name) => name.includes(':')).map((name) => name.slice(name.indexOf(':') + 1))
  return bare.filter((name) => bare.indexOf(name) === bare.lastIndexOf(name))
}

async function possible(
  before: readonly string[],
  word: string,
  knowledge: Knowledge,
  builtins: readonly string[],
): Promise<readonly string[]> {
  const context = contextOf(before)
  const { option, subcommand, command } = context
  if (option !== undefined) return option.values ?? []
  if (word.startsWith('-')) return optionsFor(context).flatMap((spec) => writtenAs(spec, word))
  if (subcommand === 'completion') return command === undefined ? shells : []
  if (subcommand === 'trace') return []
  if (command === undefined) {
    const commands = await knowledge.commands()
    return subcommand === undefined ? [...builtins, ...commands] : commands
  }
  if (subcommand === 'help') return []
  const names = parameterNames(context, await knowledge.recipes(command))
  // Until it is told to listen, it may still be the command of OpenSIPS.
  return command === 'trace' && context.parameters.length === 0 ? [...names, '--listen'] : names
}

/** Those of the recipes that may still be meant, without what is there already. None behind a value without a name. */
function parameterNames({ parameters }: LineContext, recipes: readonly (readonly string[])[]): string[] {
  const used = parameters.map((parameter) => /^([^=[\]]+)(\[\])?=/.exec(parameter)?.[1])
  if (used.includes(undefined)) return []
  return recipes
    .filter((recipe) => used.every((name) => name !== undefined && recipe.includes(name)))
    .flatMap((recipe) => recipe.filter((name) => !used.includes(name)).map((name) => `${name}=`))
}

/** `--output` and `-o`; also `--output=json` and `-ojson` where a word has begun so. */
function writtenAs({ long, short, values = [] }: OptionSpec, word: string): string[] {
  const brief = short === undefined ? [] : [`-${short}`]
  const beginnings = [`--${long}=`, ...(word.length > 2 ? brief : [])].filter((name) => word.startsWith(name))
  return [`--${long}`, ...brief, ...beginnings.flatMap((name) => values.map((value) => `${name}${value}`))]
}

function optionsFor({ subcommand, command }: LineContext): readonly OptionSpec[] {
  const which = subcommand ?? command ?? 'call'
  return optionSpecs.filter(({ only }) => only === undefined || only.includes(which))
}
