import { OPTION_SPECS, type OptionSpec } from '../arguments/options.js'
import { SUBCOMMANDS } from '../arguments/parse.js'
import { urlsFor } from './urls.js'

/** What a server has, or is assumed to have. */
export interface Knowledge {
  commands(): Promise<readonly string[]>
  /** The parameter names of each recipe. Empty for an unknown command. */
  recipes(command: string): Promise<readonly (readonly string[])[]>
  /** The names of statistics as servers list them, `core:rcv_requests`. */
  statistics(): Promise<readonly string[]>
  /** The names of events. */
  events(): Promise<readonly string[]>
  /** The instances of the configuration file. */
  instances(): readonly string[]
}

/** The shells that there is completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** What the words in front of the typed one say. */
interface LineContext {
  /** The option whose value is typed. */
  readonly option: OptionSpec | undefined
  readonly subcommand: (typeof SUBCOMMANDS)[number] | undefined
  readonly command: string | undefined
  /** The words after the command. */
  readonly parameters: readonly string[]
}

/**
 * What a word may become. Names of parameters end with `=`: no blank follows them.
 * @param before the words in front of it, without the name `mi`
 * @param builtins words that are accepted in place of a command
 */
export async function candidates(
  before: readonly string[],
  word: string,
  knowledge: Knowledge,
  builtins: readonly string[] = SUBCOMMANDS,
): Promise<string[]> {
  const context = contextOf(before)
  if (takesStatistics(context) && !word.startsWith('-')) return (await statisticsFor(word, knowledge)).sort()
  const all = await possible(context, word, knowledge, builtins)
  const found = all.filter((name) => name.startsWith(word))
  return [...new Set(found.length > 0 ? found : bareNames(all).filter((name) => name.startsWith(word)))].sort()
}

/** OpenSIPS 4.0 lists `core:ps` and accepts `ps` too, unless another module has a command of that name. */
function bareNames(names: readonly string[]): string[] {
  const bare = names.filter((name) => name.includes(':')).map((name) => name.slice(name.indexOf(':') + 1))
  return bare.filter((name) => bare.indexOf(name) === bare.lastIndexOf(name))
}

async function possible(
  context: LineContext,
  word: string,
  knowledge: Knowledge,
  builtins: readonly string[],
): Promise<readonly string[]> {
  const { option, subcommand, command } = context
  if (option !== undefined) return valuesOf(option, word, knowledge)
  if (word.startsWith('-')) return optionsFor(context).flatMap((spec) => writtenAs(spec, word))
  if (subcommand === 'completion') return command === undefined ? SHELLS : []
  if (subcommand === 'trace' || subcommand === 'doctor') return []
  if (subcommand === 'events') return knowledge.events()
  if (command === undefined) {
    const commands = await knowledge.commands()
    return subcommand === undefined ? [...builtins, ...commands] : commands
  }
  if (subcommand === 'help') return []
  if (EVENT_COMMANDS.includes(command) && context.parameters.length === 0) return eventsFor(word, knowledge)
  const names = parameterNames(context, await knowledge.recipes(command))
  // Without --listen it may still be the command of OpenSIPS.
  return command === 'trace' && context.parameters.length === 0 ? [...names, '--listen'] : names
}

function valuesOf({ long, values = [] }: OptionSpec, word: string, knowledge: Knowledge): readonly string[] {
  if (long === 'url') return urlsFor(word)
  return long === 'instance' ? knowledge.instances() : values
}

/** Commands whose parameters are names of statistics, under all their names. */
const STATISTICS_COMMANDS = ['get', 'list', 'reset'].flatMap((name) => [`statistics:${name}`, `${name}_statistics`])

/** Commands whose first parameter is the name of an event. */
const EVENT_COMMANDS = [
  'evi:subscribe',
  'event_subscribe',
  'evi:raise',
  'raise_event',
  'evi:subscribers',
  'subscribers_list',
]

function takesStatistics({ option, subcommand, command }: LineContext): boolean {
  if (option !== undefined || command === undefined || !STATISTICS_COMMANDS.includes(command)) return false
  return subcommand === undefined || ['call', 'watch', 'bench'].includes(subcommand)
}

/**
 * Groups, `core:`, and names of statistics, `rcv_requests`; after `statistics=` too. OpenSIPS lists `core:rcv_requests`, but takes no
 * group in front of a name: what is typed with one becomes the name alone.
 */
async function statisticsFor(word: string, knowledge: Knowledge): Promise<string[]> {
  const option = 'statistics='
  const typed = word.startsWith(option) ? word.slice(option.length) : word
  const listed = await knowledge.statistics()
  const groups = [...new Set(listed.map(groupOf))].filter((group) => group.startsWith(typed))
  const bare = (name: string): string => name.slice(name.indexOf(':') + 1)
  const statistics = typed.includes(':')
    ? listed.filter((name) => name.startsWith(typed)).map(bare)
    : listed.map(bare).filter((name) => name.startsWith(typed))
  const values = [...new Set([...groups, ...statistics])]
  if (typed !== word) return values.map((value) => `${option}${value}`)
  return option.startsWith(word) ? [option, ...values] : values
}

/** `core:` of `core:rcv_requests`. */
function groupOf(name: string): string {
  return name.slice(0, name.indexOf(':') + 1)
}

async function eventsFor(word: string, knowledge: Knowledge): Promise<readonly string[]> {
  return named('event=', word, await knowledge.events())
}

/** Values by position, or by name where a word begins like that. */
function named(name: string, word: string, values: readonly string[]): string[] {
  return word.startsWith(name) ? values.map((value) => `${name}${value}`) : [name, ...values]
}

function contextOf(before: readonly string[]): LineContext {
  let option: OptionSpec | undefined
  const words: string[] = []
  for (const word of before) {
    if (option !== undefined) {
      option = undefined
      continue
    }
    option = waitingOption(word)
    if (option === undefined && !/^-[^\d.]/.test(word)) words.push(word)
  }
  const [first] = words
  const isCommand = first === 'trace' && !before.includes('--listen')
  const subcommand = isCommand ? undefined : SUBCOMMANDS.find((name) => name === first)
  const [command, ...parameters] = subcommand === undefined ? words : words.slice(1)
  return { option, subcommand, command, parameters }
}

/** `-o` and `--output` take the next word; `-ojson` and `--output=json` have their value. */
function waitingOption(word: string): OptionSpec | undefined {
  return OPTION_SPECS.find(({ long, short }) => word === `--${long}` || (short !== undefined && word === `-${short}`))
}

/** Names from the recipes that are still possible, without those that are used. None after a value without a name. */
function parameterNames({ parameters }: LineContext, recipes: readonly (readonly string[])[]): string[] {
  const used = parameters.map((parameter) => /^([^=[\]]+)(\[\])?=/.exec(parameter)?.[1])
  if (used.includes(undefined)) return []
  return recipes
    .filter((recipe) => used.every((name) => name !== undefined && recipe.includes(name)))
    .flatMap((recipe) => recipe.filter((name) => !used.includes(name)).map((name) => `${name}=`))
}

/** `--output` and `-o`; also `--output=json` and `-ojson` where a word starts like that. */
function writtenAs({ long, short, values = [] }: OptionSpec, word: string): string[] {
  const brief = short === undefined ? [] : [`-${short}`]
  const beginnings = [`--${long}=`, ...(word.length > 2 ? brief : [])].filter((name) => word.startsWith(name))
  return [`--${long}`, ...brief, ...beginnings.flatMap((name) => values.map((value) => `${name}${value}`))]
}

function optionsFor({ subcommand, command }: LineContext): readonly OptionSpec[] {
  const which = subcommand ?? command ?? 'call'
  return OPTION_SPECS.filter(({ only }) => only === undefined || only.includes(which))
}
