import { UsageError } from '../failure.js'
import type { Options } from './options.js'
import type { Word } from './parameters.js'
import { asParameter, type Sorted, SUBCOMMANDS, type Subcommand, sortArguments } from './sort.js'

export { SUBCOMMANDS } from './sort.js'

/** A command of the server with its parameters. */
export interface Target {
  readonly command: string
  readonly words: readonly Word[]
  /** Given as JSON; there are no words then. */
  readonly params?: object | undefined
  /** The file that has the parameters as JSON, `-` for stdin; there are no words then. */
  readonly paramsFile?: string | undefined
  /** Whether words are taken as JSON where they can be. */
  readonly isJsonWords?: boolean | undefined
}

/** What to do. */
export type Action =
  | { readonly type: 'help'; readonly command: string | undefined; readonly options: Options }
  | { readonly type: 'version' }
  | { readonly type: 'shell'; readonly options: Options }
  | { readonly type: 'call' | 'watch' | 'bench'; readonly target: Target; readonly options: Options }
  | { readonly type: 'trace' | 'doctor'; readonly options: Options }
  | { readonly type: 'events'; readonly names: readonly string[]; readonly options: Options }
  | { readonly type: 'completion'; readonly shell: string | undefined }

/**
 * What the arguments of the command line, or the words of a line in the shell, ask for.
 * @throws UsageError for unknown options, and for options or words that do not fit
 */
export function parseArguments(args: readonly string[]): Action {
  const sorted = sortArguments(args)
  const { words, options } = sorted
  if (sorted.asksVersion) return { type: 'version' }
  if (sorted.asksHelp) return helpAction(sorted)
  const subcommand = subcommandOf(sorted)
  refuseForeignOptions(sorted, subcommand)
  const rest = words.slice(words[0]?.text === subcommand ? 1 : 0)
  switch (subcommand) {
    case 'shell':
      if (hasParameters(options)) throw new UsageError("-j needs a command, such as: mi log_level -j '[4]'")
      if (sorted.asksExecution) throw new UsageError('-x needs a command, such as: mi -x mi ps, or just: mi ps')
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
    case 'doctor':
      atMost(rest, 0, 'mi doctor takes only options, such as: mi doctor -u fifo:/run/opensips/opensips_fifo')
      return { type: 'doctor', options }
    case 'events':
      return { type: 'events', names: rest.map(({ text }) => text), options }
    default:
      return { type: subcommand, target: targetOf(subcommand, rest, options), options }
  }
}

/**
 * The options alone.
 * @throws UsageError for unknown options
 */
export function optionsIn(args: readonly string[]): Options {
  return sortArguments(args).options
}

/** `mi ps --help` is `mi help ps`. Behind parameters, `--help` may be one of them. */
function helpAction({ words, options, asksHelp }: Sorted): Action {
  const [first, ...more] = words
  if (first === undefined || asksHelp === undefined) return { type: 'help', command: undefined, options: {} }
  if (SUBCOMMANDS.some((name) => name === first.text)) {
    // For `mi help trace` that is the command of OpenSIPS.
    return { type: 'help', command: first.text === 'trace' ? undefined : first.text, options: {} }
  }
  if (more.length === 0) return { type: 'help', command: first.text, options }
  const advice = [...asParameter(words, asksHelp.name), `What ${first.text} takes: mi help ${first.text}`]
  throw new UsageError(`${asksHelp.name} is an option of mi, not of ${first.text}`, { advice })
}

function subcommandOf({ words, options, isPrefixed }: Sorted): Subcommand | 'shell' {
  const [first] = words
  if (first === undefined) return 'shell'
  if (words.length === 1 && (first.text === 'mi' || first.text === 'fifo') && !first.isLiteral && !isPrefixed) {
    throw new UsageError(`'${first.text}' needs a command of the server, such as: mi ps; mi which lists all`)
  }
  const found = first.isLiteral || isPrefixed ? undefined : SUBCOMMANDS.find((name) => name === first.text)
  if (found === 'trace' && options.listen === undefined) return 'call'
  return found ?? 'call'
}

function refuseForeignOptions({ words, used }: Sorted, subcommand: string): void {
  for (const { spec, name, isBehindCommand } of used) {
    if (spec.only === undefined || spec.only.includes(subcommand)) continue
    const problem = `${name} works only with ${spec.only.map((only) => `mi ${only}`).join(' and ')}`
    throw new UsageError(problem, { advice: isBehindCommand ? asParameter(words, name, spec) : [] })
  }
}

function targetOf(subcommand: string, [command, ...words]: readonly Word[], options: Options): Target {
  if (command === undefined || command.text === '') {
    throw new UsageError(`mi ${subcommand} needs a command of the server, such as: mi ${subcommand} ps`)
  }
  const { params, paramsFile, isJsonWords } = options
  if ((params !== undefined || paramsFile !== undefined) && words.length > 0) {
    const advice = `To have each word taken as JSON where it can be, put -j before the command: mi -j ${command.text} ...`
    throw new UsageError(`${command.text}: give the parameters either as arguments or with -j, not both`, {
      advice: [advice],
    })
  }
  return { command: command.text, words, params, paramsFile, isJsonWords }
}

function hasParameters({ params, paramsFile, isJsonWords }: Options): boolean {
  return params !== undefined || paramsFile !== undefined || isJsonWords === true
}

function atMost(words: readonly Word[], count: number, problem: string): void {
  const extra = words[count]
  if (extra !== undefined) throw new UsageError(`${problem}; unexpected '${extra.text}'`)
}
