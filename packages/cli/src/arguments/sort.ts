import { parseArgs } from 'node:util'
import { nearest } from '@mi/internal/nearest'
import { UsageError } from '../failure.js'
import { OPTION_SPECS, type OptionSpec, type Options } from './options.js'
import type { Word } from './parameters.js'
import { quoteWord } from './shell-words.js'

/** Words that are not commands of a server. Without `--listen`, `trace` is one: OpenSIPS has such a command. */
export const SUBCOMMANDS = ['help', 'call', 'watch', 'bench', 'events', 'trace', 'doctor', 'completion'] as const

export type Subcommand = (typeof SUBCOMMANDS)[number]

/** Those that take a command with its parameters. */
const WITH_PARAMETERS: readonly string[] = ['call', 'watch', 'bench']

/** Words before a command that opensips-cli and opensipsctl need, and `mi` does not. */
const PREFIXES: readonly string[] = ['mi', 'fifo']

/** What was typed, sorted into words and options. */
export interface Sorted {
  readonly words: readonly Word[]
  /** Whether `mi` or `fifo` stood before the words: then the first one is a command of the server. */
  readonly isPrefixed: boolean
  readonly options: Options
  readonly used: readonly UsedOption[]
  readonly asksHelp: TypedOption | undefined
  readonly asksVersion: boolean
  /** `-x` of opensips-cli. */
  readonly asksExecution: boolean
}

/** An option as it was typed. */
interface TypedOption {
  readonly name: string
  /** Then it may have been meant as a parameter. */
  readonly isBehindCommand: boolean
}

interface UsedOption extends TypedOption {
  readonly spec: OptionSpec
}

/** Options without a value, by their long names. */
const SWITCHES = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
  // Habits of users of opensips-cli.
  execute: { type: 'boolean', short: 'x' },
  v: { type: 'boolean', short: 'v' },
} as const

/** Stands for a `-j` without a value, since parseArgs knows no options that may have one. */
const JSON_WORDS = 'json-words'

const PARSED_OPTIONS = {
  ...Object.fromEntries(
    OPTION_SPECS.map(({ long, short }) => [
      long,
      { type: 'string' as const, ...(short === undefined ? {} : { short }) },
    ]),
  ),
  ...SWITCHES,
  [JSON_WORDS]: { type: 'boolean' as const },
}

const LONG_NAMES = ['help', 'version', ...OPTION_SPECS.map(({ long }) => long)]

/**
 * Sorts what was typed. `mi` and `fifo` before a command are left out.
 * @throws UsageError for unknown options, and for options that stand where only a parameter can be meant
 */
export function sortArguments(typed: readonly string[]): Sorted {
  const args = withoutExecutionEnd(typed)
  const words: Word[] = []
  const used: UsedOption[] = []
  const switches = new Map<string, TypedOption>()
  let options: Options = {}
  let isLiteral = false
  const config = {
    args: args.map((arg, index) => shielded(arg, args[index + 1])),
    options: PARSED_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  } as const
  for (const token of parseArgs(config).tokens) {
    if (token.kind === 'option-terminator') isLiteral = true
    else if (token.kind === 'positional') words.push({ text: args[token.index] ?? '', isLiteral })
    else if (token.name === JSON_WORDS) options = { ...options, isJsonWords: true }
    else {
      const command = commandIn(words)
      const option: TypedOption = { name: token.rawName, isBehindCommand: command !== undefined }
      if (Object.hasOwn(SWITCHES, token.name) && (token.name === 'help' || command === undefined)) {
        switches.set(token.name, option)
        continue
      }
      try {
        const spec = specOf(token.name, token.rawName, command)
        const value = token.inlineValue === true ? token.value?.replace(/^=/, '') : args[token.index + 1]
        if (value === undefined) throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${spec.value}`)
        options = { ...options, ...spec.read(value, token.rawName, options) }
        used.push({ spec, ...option })
      } catch (error) {
        if (!(error instanceof UsageError) || command === undefined) throw error
        const { message, cause } = error
        const known = OPTION_SPECS.find(({ long }) => long === token.name)
        throw new UsageError(message, { cause, advice: asParameter(words, args[token.index] ?? '', known) })
      }
    }
  }
  const isPrefixed = words.length > 1 && isPrefix(words[0])
  return {
    words: isPrefixed ? words.slice(1) : words,
    isPrefixed,
    options,
    used,
    asksHelp: switches.get('help'),
    asksVersion: switches.has('version') || switches.has('v'),
    asksExecution: switches.has('execute'),
  }
}

/**
 * What to do where a parameter may have been taken for an option: nothing where it is an option of what was typed, or where there
 * are no parameters.
 */
export function asParameter(words: readonly Word[], typed: string, spec?: OptionSpec | undefined): string[] {
  const subcommand = SUBCOMMANDS.find((name) => name === words[0]?.text)
  const command = commandIn(words)
  if (command === undefined || !WITH_PARAMETERS.includes(subcommand ?? 'call')) return []
  if (spec !== undefined && (spec.only === undefined || spec.only.includes(subcommand ?? 'call'))) return []
  const before = subcommand === undefined ? 'mi' : `mi ${subcommand}`
  return [`If it is a parameter, put -- before it: ${before} ${quoteWord(command)} -- ${quoteWord(typed)}`]
}

function isPrefix(word: Word | undefined): boolean {
  return word !== undefined && !word.isLiteral && PREFIXES.includes(word.text)
}

/** The command of the server among the words so far. */
function commandIn(words: readonly Word[]): string | undefined {
  const [first, second] = words
  const isBefore = first !== undefined && (isPrefix(first) || SUBCOMMANDS.some((name) => name === first.text))
  // `trace` is a command of OpenSIPS too.
  return isBefore ? second?.text : first?.text
}

/** In `-x -- mi -j ps` of opensips-cli the `--` ends the options of opensips-cli alone. */
function withoutExecutionEnd(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  const isExecution = args.slice(0, Math.max(end, 0)).some((arg) => arg === '-x' || arg === '--execute')
  return isExecution && PREFIXES.includes(args[end + 1] ?? '') ? args.toSpliced(end, 1) : args
}

/**
 * An argument as parseArgs must see it: as a word, though it starts with a dash, where it is a negative number, or has blanks and
 * so cannot be an option with its value attached. `-j` before something that is not JSON, or a place of JSON, is a switch.
 */
function shielded(arg: string, next: string | undefined): string {
  if ((arg === '-j' || arg === '--json') && !/^(\s*[[{]|@|-$)/.test(next ?? '')) return `--${JSON_WORDS}`
  const isWord = /^-\.?\d/.test(arg) || (/^-[^-].*\s/s.test(arg) && !/^-j\s*[[{]/.test(arg)) || /^--?\s/.test(arg)
  return isWord ? 'word' : arg
}

function specOf(long: string, typed: string, command: string | undefined): OptionSpec {
  const spec = OPTION_SPECS.find((each) => each.long === long)
  if (spec !== undefined) return spec
  if (Object.hasOwn(SWITCHES, long)) throw new UsageError(`${typed} is an option of mi, not of ${command}`)
  const [meant] = typed.startsWith('--') ? nearest(long, LONG_NAMES) : []
  throw new UsageError(`unknown option ${typed}${meant === undefined ? '' : `; did you mean --${meant}?`}`)
}
