import { UsageError } from '../usage-error.js'
import { type OptionSpec, type Options, optionSpecs } from './options.js'
import type { Word } from './parameters.js'

/** A command of the server, and what is to go with it. */
export interface Target {
  readonly command: string
  readonly words: readonly Word[]
  /** Given as JSON; there are no words then. */
  readonly params: object | undefined
}

/** What is to be done. */
export type Action =
  | { readonly type: 'help'; readonly command: string | undefined; readonly options: Options }
  | { readonly type: 'version' }
  | { readonly type: 'shell'; readonly options: Options }
  | { readonly type: 'call' | 'watch' | 'bench'; readonly target: Target; readonly options: Options }
  | { readonly type: 'trace'; readonly options: Options }
  | { readonly type: 'completion'; readonly shell: string | undefined }

/** The words that are no commands of a server. Without `--listen`, `trace` is one: OpenSIPS has such a command. */
export const subcommands = ['help', 'call', 'watch', 'bench', 'trace', 'completion'] as const

type Subcommand = (typeof subcommands)[number]

/** What was typed, sorted into words and options. */
interface Sorted {
  readonly words: readonly Word[]
  readonly options: Options
  /** As they were written, for messages. */
  readonly used: readonly { readonly spec: OptionSpec; readonly name: string }[]
  readonly asksHelp: boolean
  readonly asksVersion: boolean
}

/**
 * What the arguments of the command line, or the words of a line in the shell, say.
 * @throws UsageError for options that there are not, or that do not fit
 */
export function parseArguments(args: readonly string[]): Action {
  const sorted = sort(args)
  const { words, options, used } = sorted
  if (sorted.asksVersion) return { type: 'version' }
  const subcommand = subcommandOf(sorted)
  if (sorted.asksHelp) return { type: 'help', command: undefined, options: {} }
  for (const { spec, name } of used) {
    if (spec.only !== undefined && !spec.only.includes(subcommand)) {
      throw new UsageError(`${name} is for ${spec.only.map((only) => `mi ${only}`).join(' and ')} alone`)
    }
  }
  const rest = words.slice(words[0]?.text === subcommand ? 1 : 0)
  switch (subcommand) {
    case 'shell':
      if (options.params !== undefined) throw new UsageError('-j wants a command in front of it')
      return { type: 'shell', options }
    case 'help':
      atMost(rest, 1, 'mi help takes the name of one command')
      if (rest[0]?.text === '') throw new UsageError('mi help wants the name of a command, such as: mi help ps')
      return { type: 'help', command: rest[0]?.text, options }
    case 'completion':
      atMost(rest, 1, 'mi completion takes the name of one shell: bash, zsh or fish')
      return { type: 'completion', shell: rest[0]?.text }
    case 'trace':
      atMost(rest, 0, 'mi trace takes options alone: mi trace --listen udp:127.0.0.1:9060')
      return { type: 'trace', options }
    default:
      return { type: subcommand, target: targetOf(subcommand, rest, options), options }
  }
}

/**
 * The options alone.
 * @throws UsageError for those that there are not
 */
export function optionsIn(args: readonly string[]): Options {
  return sort(args).options
}

function subcommandOf({ words, options }: Sorted): Subcommand | 'shell' {
  const [first] = words
  if (first === undefined) return 'shell'
  const found = first.isLiteral ? undefined : subcommands.find((name) => name === first.text)
  if (found === 'trace' && options.listen === undefined) return 'call'
  return found ?? 'call'
}

function targetOf(subcommand: string, [command, ...words]: readonly Word[], { params }: Options): Target {
  if (command === undefined || command.text === '') {
    throw new UsageError(`mi ${subcommand} wants a command of the server, such as: mi ${subcommand} ps`)
  }
  if (params !== undefined && words.length > 0) {
    throw new UsageError(`${command.text}: give the parameters as arguments or by -j, not both`)
  }
  return { command: command.text, words, params }
}

function atMost(words: readonly Word[], count: number, problem: string): void {
  const extra = words[count]
  if (extra !== undefined) throw new UsageError(`${problem}, and '${extra.text}' is too much`)
}

function sort(args: readonly string[]): Sorted {
  const words: Word[] = []
  const used: { spec: OptionSpec; name: string }[] = []
  let options: Options = {}
  let asksHelp = false
  let asksVersion = false
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--') {
      words.push(...args.slice(at + 1).map((text) => ({ text, isLiteral: true })))
      break
    }
    if (!isOption(arg)) {
      words.push({ text: arg, isLiteral: false })
    } else if (arg === '-h' || arg === '--help') {
      asksHelp = true
    } else if (arg === '-V' || arg === '--version') {
      asksVersion = true
    } else {
      const { spec, name, attached } = optionOf(arg)
      const value = attached ?? args[++at]
      if (value === undefined) throw new UsageError(`${name} wants a value: ${name} ${spec.value}`)
      options = { ...options, ...spec.read(value, name, options) }
      used.push({ spec, name })
    }
  }
  return { words, options, used, asksHelp, asksVersion }
}

/** `-1` is a number, and `-` alone a text. */
function isOption(arg: string): boolean {
  return /^-./.test(arg) && !/^-\.?\d/.test(arg)
}

/** `--output=json`, `--output json`, `-o json` and `-ojson`. */
function optionOf(arg: string): { spec: OptionSpec; name: string; attached: string | undefined } {
  const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? []
  const name = long === undefined ? arg.slice(0, 2) : `--${long}`
  const spec = optionSpecs.find((each) => (long === undefined ? `-${each.short}` === name : each.long === long))
  if (spec === undefined) {
    throw new UsageError(`there is no option ${name}. A parameter that begins with - goes behind --`)
  }
  const short = arg.length > 2 ? arg.slice(2) : undefined
  return { spec, name, attached: long === undefined ? short : value }
}
