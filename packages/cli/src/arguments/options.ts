import { UsageError } from '../usage-error.js'
import { parseDuration } from './duration.js'

/** The ways to print a result. */
export const outputFormats = ['pretty', 'json', 'lines', 'yaml', 'table'] as const

/** One of the ways to print a result. */
export type OutputFormat = (typeof outputFormats)[number]

/** What was chosen by options; undefined where nothing was. */
export interface Options {
  readonly url?: string | undefined
  readonly config?: string | undefined
  readonly instance?: string | undefined
  readonly replyDir?: string | undefined
  /** In milliseconds; 0 is for ever. */
  readonly timeoutMs?: number | undefined
  readonly output?: OutputFormat | undefined
  /** Parameters of the command. */
  readonly params?: object | undefined
  /** Between two rounds of `watch`. */
  readonly intervalMs?: number | undefined
  /** Calls at a time of `bench`. */
  readonly concurrency?: number | undefined
  readonly durationMs?: number | undefined
  /** Where `trace` listens. */
  readonly listen?: readonly string[] | undefined
}

/** One option: how it is written, and what its value becomes. */
export interface OptionSpec {
  readonly long: string
  readonly short?: string
  /** What the value is called in the help. */
  readonly value: string
  readonly help: string
  /** All that it may be, where that is known, for completion. */
  readonly values?: readonly string[]
  /** The subcommands that it is for; left out: all that ask a server. */
  readonly only?: readonly string[]
  /**
   * @param name the option as it was written, for messages
   * @param before the options in front of it
   * @returns what it sets
   * @throws UsageError for a value that cannot be
   */
  readonly read: (value: string, name: string, before: Options) => Options
}

const text = (value: string, name: string): string => {
  if (value === '') throw new UsageError(`${name} wants a value`)
  return value
}

/** All options that take a value. */
export const optionSpecs: readonly OptionSpec[] = [
  {
    long: 'url',
    short: 'u',
    value: 'URL',
    help: 'the server: fifo:PATH, udp:HOST:PORT, unix:PATH or http://...',
    read: (value, name) => ({ url: text(value, name) }),
  },
  {
    long: 'output',
    short: 'o',
    value: 'FORMAT',
    help: 'pretty (default), json, lines, yaml or table',
    values: outputFormats,
    read: (value) => ({ output: readFormat(value) }),
  },
  {
    long: 'json',
    short: 'j',
    value: 'JSON',
    help: 'the parameters as a JSON object or array',
    read: (value) => ({ params: readJson(value) }),
  },
  {
    long: 'timeout',
    value: 'TIME',
    help: 'how long a call may take (default 5s; 0 is for ever)',
    read: (value, name) => ({ timeoutMs: parseDuration(name, value) }),
  },
  {
    long: 'instance',
    short: 'i',
    value: 'NAME',
    help: 'the section of the configuration file',
    read: (value, name) => ({ instance: text(value, name) }),
  },
  {
    long: 'config',
    short: 'f',
    value: 'FILE',
    help: 'the configuration file (default ~/.opensips-cli.cfg)',
    read: (value, name) => ({ config: text(value, name) }),
  },
  {
    long: 'reply-dir',
    value: 'DIR',
    help: 'where answers arrive: of fifo: and unix: (default /tmp)',
    read: (value, name) => ({ replyDir: text(value, name) }),
  },
  {
    long: 'interval',
    short: 'n',
    value: 'TIME',
    help: 'watch: the pause between two rounds (default 2s)',
    only: ['watch'],
    read: (value, name) => ({ intervalMs: parseDuration(name, value, 100) }),
  },
  {
    long: 'concurrency',
    short: 'c',
    value: 'COUNT',
    help: 'bench: calls at a time (default 1)',
    only: ['bench'],
    read: (value, name) => ({ concurrency: readCount(value, name) }),
  },
  {
    long: 'duration',
    short: 'd',
    value: 'TIME',
    help: 'bench: how long it goes on (default 5s)',
    only: ['bench'],
    read: (value, name) => ({ durationMs: parseDuration(name, value, 100) }),
  },
  {
    long: 'listen',
    value: 'WHERE',
    help: 'trace: udp:ADDRESS:PORT or tcp:ADDRESS:PORT; once for each',
    only: ['trace'],
    read: (value, name, { listen = [] }) => ({ listen: [...listen, text(value, name)] }),
  },
]

function readFormat(value: string): OutputFormat {
  const format = outputFormats.find((name) => name === value)
  if (format === undefined) throw new UsageError(`there is no output '${value}'; there are ${outputFormats.join(', ')}`)
  return format
}

function readJson(value: string): object {
  let params: unknown
  try {
    params = JSON.parse(value)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`-j wants JSON such as '{"level": 4}' or '[4]': ${why}`, { cause })
  }
  if (typeof params === 'object' && params !== null) return params
  throw new UsageError(`-j wants a JSON object or array such as '{"level": 4}' or '[4]', not ${value}`)
}

function readCount(value: string, name: string): number {
  const count = Number(value)
  if (/^\d+$/.test(value) && count >= 1 && count <= 1024) return count
  throw new UsageError(`${name} must be a whole number from 1 to 1024, not '${value}'`)
}
