import { parseArgs } from 'node:util'
import { nearest } from '@mi/internal/nearest'
import { UsageError } from '../failure.js'
import { OPTION_SPECS, type OptionSpec, type Options } from './options.js'
import type { Word } from './parameters.js'

/** A command of the server with its parameters. */
export interface Target {
  readonly command: string
  readonly words: readonly Word[]
  /** Given as JSON; there are no words then. */
  readonly params: object | undefined
}

/** What to do. */
export type Action =
  | { readonly type: 'help'; readonly command: string | undefined; readonly options: Options }
  | { readonly type: 'version' }
  | { readonly type: 'shell'; readonly options: Options }
  | { readonly type: 'call' | 'watch' | 'bench'; readonly target: Target; readonly options: Options }
  | { readonly type: 'trace'; readonly options: Options }
  | { readonly type: 'completion'; readonly shell: string | undefined }

/** Words that are not commands of a server. Without `--listen`, `trace` is one: OpenSIPS has such a command. */
export const SUBCOMMANDS = ['help', 'call', 'watch', 'bench', 'trace', 'completion'] as const

type Subcommand = (typeof SUBCOMMANDS)[number]

/** What was typed, sorted into words and options. */
interface Sorted {
  readonly words: readonly Word[]
  readonly options: Options
  /** As they were typed, for messages. */
  readonly used: readonly { readonly spec: OptionSpec; readonly name: string }[]
  readonly asksHelp: boolean
  readonly asksVersion: boolean
}

/**
 * What the arguments of the command line, or the words of a line in the shell, ask for.
 * @throws UsageError for unknown options, and for options or words that do not fit
 */
export function parseArguments(args: readonly string[]): Action {
  const sorted = sort(args)
  const { words, options, used } = sorted
  if (sorted.asksVersion) return { type: 'version' }
  const subcommand = subcommandOf(sorted)
  if (sorted.asksHelp) return { type: 'help', command: undefined, options: {} }
  for (const { spec, name } of used) {
    if (spec.only !== undefined && !spec.only.includes(subcommand)) {
      throw new UsageError(`${name} works only with ${spec.only.map((only) => `mi ${only}`).join(' and ')}`)
    }
  }
  const rest = words.slice(words[0]?.text === subcommand ? 1 : 0)
  switch (subcommand) {
    case 'shell':
      if (options.params !== undefined) throw new UsageError("-j needs a command, such as: mi log_level -j '[4]'")
      return { type: 'shell', options }
    case 'help':
      atMost(rest, 1, 'mi help takes one command')
      if (rest[0]?.text === '') throw new UsageError('mi help needs the name of a command, such as: mi help ps')
      return { type: 'help', command: rest[0]?.text, options }
    case 'completion':
      atMost(rest, 1, 'mi completion takes one shell: bash, zsh or fish')
      return { type: 'completion', shell: rest[0]?.text }
    case 'trace':
      atMost(rest, 0, 'mi trace takes only options, such as: mi trace --listen udp:127.0.0.1:9060')
      return { type: 'trace', options }
    default:
      return { type: subcommand, target: targetOf(subcommand, rest, options), options }
  }
}

/**
 * The options alone.
 * @throws UsageError for unknown options
 */
export function optionsIn(args: readonly string[]): Options {
  return sort(args).options
}

function subcommandOf({ words, options }: Sorted): Subcommand | 'shell' {
  const [first] = words
  if (first === undefined) return 'shell'
  const found = first.isLiteral ? undefined : SUBCOMMANDS.find((name) => name === first.text)
  if (found === 'trace' && options.listen === undefined) return 'call'
  return found ?? 'call'
}

function targetOf(subcommand: string, [command, ...words]: readonly Word[], { params }: Options): Target {
  if (command === undefined || command.text === '') {
    throw new UsageError(`mi ${subcommand} needs a command of the server, such as: mi ${subcommand} ps`)
  }
  if (params !== undefined && words.length > 0) {
    throw new UsageError(`${command.text}: give the parameters either as arguments or with -j, not both`)
  }
  return { command: command.text, words, params }
}

function atMost(words: readonly Word[], count: number, problem: string): void {
  const extra = words[count]
  if (extra !== undefined) throw new UsageError(`${problem}; unexpected '${extra.text}'`)
}

const ASKS_HELP = 'help'
const ASKS_VERSION = 'version'

const PARSED_OPTIONS = {
  ...Object.fromEntries(
    OPTION_SPECS.map(({ long, short }) => [
      long,
      { type: 'string' as const, ...(short === undefined ? {} : { short }) },
    ]),
  ),
  [ASKS_HELP]: { type: 'boolean' as const, short: 'h' },
  [ASKS_VERSION]: { type: 'boolean' as const, short: 'V' },
}

function sort(args: readonly string[]): Sorted {
  const words: Word[] = []
  const used: { spec: OptionSpec; name: string }[] = []
  let options: Options = {}
  let isLiteral = false
  // Negative numbers would be taken for options. What is typed is then read from `args`.
  const shielded = args.map((arg) => (/^-\.?\d/.test(arg) ? 'number' : arg))
  const config = {
    args: shielded,
    options: PARSED_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  } as const
  const { tokens, values } = parseArgs(config)
  for (const token of tokens) {
    if (token.kind === 'option-terminator') isLiteral = true
    else if (token.kind === 'positional') words.push({ text: args[token.index] ?? '', isLiteral })
    else if (token.name !== ASKS_HELP && token.name !== ASKS_VERSION) {
      const name = token.rawName
      const spec = specOf(token.name, name)
      const value = token.inlineValue === true ? token.value : args[token.index + 1]
      if (value === undefined) throw new UsageError(`${name} needs a value: ${name} ${spec.value}`)
      options = { ...options, ...spec.read(value, name, options) }
      used.push({ spec, name })
    }
  }
  return { words, options, used, asksHelp: values[ASKS_HELP] === true, asksVersion: values[ASKS_VERSION] === true }
}

function specOf(long: string, typed: string): OptionSpec {
  const spec = OPTION_SPECS.find((each) => each.long === long)
  if (spec !== undefined) return spec
  const [meant] = typed.startsWith('--') ? nearest(long, Object.keys(PARSED_OPTIONS)) : []
  const advice = meant === undefined ? '' : `; did you mean --${meant}?`
  throw new UsageError(`unknown option ${typed}${advice || '.'} Put parameters that start with - after --`)
}
