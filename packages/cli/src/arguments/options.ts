import { errorText } from '@mi/internal/error-text'
import { nearest } from '@mi/internal/nearest'
import { LARGEST_TIMER_MS } from '@mi/internal/options'
import { UsageError } from '../failure.js'

/** The ways to print a result. */
export const OUTPUT_FORMATS = ['pretty', 'json', 'lines', 'yaml', 'table', 'none'] as const

/** One of the ways to print a result. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** What opensips-cli calls some of them. A dictionary is one line there too. */
const OTHER_FORMAT_NAMES: Readonly<Record<string, OutputFormat>> = { 'pretty-print': 'pretty', dictionary: 'json' }

/** The keys of a configuration file of opensips-cli that `mi` knows. */
export const SETTING_KEYS = [
  'communication_type',
  'fifo_file',
  'fifo_file_fallback',
  'fifo_reply_dir',
  'url',
  'datagram_ip',
  'datagram_port',
  'datagram_unix_socket',
  'datagram_timeout',
  'datagram_buffer_size',
  'output_type',
] as const

/** One of these keys. */
export type SettingKey = (typeof SETTING_KEYS)[number]

/** The values of the options; undefined for an option that was not given. */
export interface Options {
  readonly url?: string | undefined
  readonly config?: string | undefined
  readonly instance?: string | undefined
  readonly replyDir?: string | undefined
  /** A file with certificates of authorities. */
  readonly ca?: string | undefined
  /** In milliseconds; 0 is no limit. */
  readonly timeoutMs?: number | undefined
  readonly output?: OutputFormat | undefined
  /** Values that come before those of the configuration file. */
  readonly settings?: Readonly<Partial<Record<SettingKey, string>>> | undefined
  /** Parameters of the command. */
  readonly params?: object | undefined
  /** The file that has them as JSON; `-` is stdin. */
  readonly paramsFile?: string | undefined
  /** Whether the words of the command are JSON where they can be. */
  readonly isJsonWords?: boolean | undefined
  /** Between two rounds of `watch`. */
  readonly intervalMs?: number | undefined
  /** Calls at the same time of `bench`. */
  readonly concurrency?: number | undefined
  readonly durationMs?: number | undefined
  /** How many results of `watch`, or events. */
  readonly count?: number | undefined
  /** Addresses on which `trace` and `events` listen. */
  readonly listen?: readonly string[] | undefined
}

/** One option: how it is written, and what its value becomes. */
export interface OptionSpec {
  readonly long: string
  readonly short?: string
  /** What the help calls the value. */
  readonly value: string
  readonly help: string
  /** All values that it can have, where they are known, for completion. */
  readonly values?: readonly string[]
  /** The subcommands that it is for. Left out: all that ask a server. */
  readonly only?: readonly string[]
  /**
   * @param name the option as it was typed, for messages
   * @param before the options in front of it
   * @returns what it sets
   * @throws UsageError for an invalid value
   */
  readonly read: (value: string, name: string, before: Options) => Options
}

const text = (value: string, name: string): string => {
  if (value === '') throw new UsageError(`${name} needs a value`)
  return value
}

/** All options that take a value. */
export const OPTION_SPECS: readonly OptionSpec[] = [
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
    help: 'pretty (default), json, lines, yaml, table or none',
    values: OUTPUT_FORMATS,
    read: (value, name, before) =>
      value.includes('=') ? readSetting(value, name, before) : { output: readFormat(value, name) },
  },
  {
    long: 'json',
    short: 'j',
    value: 'JSON',
    help: 'the parameters as JSON; @FILE or - reads them',
    read: (value, name) => {
      if (value === '-') return { paramsFile: '-' }
      if (value.startsWith('@')) return { paramsFile: text(value.slice(1), name) }
      return { params: readJson(value, name) }
    },
  },
  {
    long: 'timeout',
    value: 'TIME',
    help: 'how long a call may take (default 5s; 0 is no limit)',
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
    help: 'where replies arrive, for fifo: and unix: (default /tmp)',
    read: (value, name) => ({ replyDir: text(value, name) }),
  },
  {
    long: 'ca',
    value: 'FILE',
    help: 'certificates (PEM) to trust, for https:',
    read: (value, name) => ({ ca: text(value, name) }),
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
    help: 'bench: calls at the same time (default 1)',
    only: ['bench'],
    read: (value, name) => ({ concurrency: readCount(value, name, 1024) }),
  },
  {
    long: 'duration',
    short: 'd',
    value: 'TIME',
    help: 'bench: how long it runs (default 5s)',
    only: ['bench'],
    read: (value, name) => {
      // -d of opensips-cli is another.
      if (name === '-d' && !/^[\d.]/.test(value)) {
        throw new UsageError('-d is the duration of bench, such as -d 5s; mi has no debug output')
      }
      return { durationMs: parseDuration(name, value, 100) }
    },
  },
  {
    long: 'count',
    value: 'COUNT',
    help: 'watch, events: how many results or events',
    only: ['watch', 'events'],
    read: (value, name) => ({ count: readCount(value, name, 1_000_000_000) }),
  },
  {
    long: 'listen',
    value: 'WHERE',
    help: 'trace, events: udp:ADDRESS:PORT or tcp:ADDRESS:PORT',
    only: ['trace', 'events'],
    read: (value, name, { listen = [] }) => ({ listen: [...listen, text(value, name)] }),
  },
]

/** @throws UsageError for a format that is unknown */
export function readFormat(value: string, name: string): OutputFormat {
  const format = OTHER_FORMAT_NAMES[value] ?? OUTPUT_FORMATS.find((each) => each === value)
  if (format !== undefined) return format
  throw new UsageError(`${name} must be ${OUTPUT_FORMATS.join(', ').replace(/, (\w+)$/, ' or $1')}, not '${value}'`)
}

/** `-o output_type=lines`, as opensips-cli takes it. */
function readSetting(pair: string, name: string, { settings = {} }: Options): Options {
  const [typed = '', ...rest] = pair.split('=')
  const value = rest.join('=')
  const key = SETTING_KEYS.find((each) => each === typed)
  if (key === undefined) {
    const [meant] = nearest(typed, SETTING_KEYS)
    const advice = meant === undefined ? `; there are ${SETTING_KEYS.join(', ')}` : `; did you mean ${meant}?`
    throw new UsageError(`${name} has no setting '${typed}'${advice}`)
  }
  if (value === '') throw new UsageError(`${name} ${key}= needs a value`)
  if (key === 'output_type') return { output: readFormat(value, `${name} ${key}`) }
  return { settings: { ...settings, [key]: value } }
}

/**
 * Parameters as JSON.
 * @param name where they come from, for messages
 * @throws UsageError for anything but an object or an array
 */
export function readJson(value: string, name: string): object {
  const wanted = `${name} needs a JSON object or array such as '{"level": 4}' or '[4]'`
  let params: unknown
  try {
    params = JSON.parse(value)
  } catch (cause) {
    throw new UsageError(`${wanted}: ${errorText(cause)}`, { cause })
  }
  if (typeof params === 'object' && params !== null) return params
  throw new UsageError(`${wanted}, not ${value}`)
}

function readCount(value: string, name: string, most: number): number {
  const count = Number(value)
  if (/^\d+$/.test(value) && count >= 1 && count <= most) return count
  throw new UsageError(`${name} must be a whole number from 1 to ${most}, not '${value}'`)
}

const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, ms: 1, s: 1000, m: 60_000 }

/**
 * A time as it is typed, in milliseconds: `2` and `2s` are seconds; `500ms`, `1.5m`.
 * @param option for the message
 * @param leastMs the shortest time that makes sense
 * @throws UsageError for anything else
 */
export function parseDuration(option: string, value: string, leastMs = 0): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m)?$/.exec(value) ?? []
  const factor = UNIT_MS[unit]
  if (number === '' || factor === undefined) {
    throw new UsageError(`${option} must be a time such as 2, 2s, 500ms or 1m, not '${value}'`)
  }
  const ms = Number(number) * factor
  if (ms < leastMs || ms > LARGEST_TIMER_MS) {
    const most = Math.floor(LARGEST_TIMER_MS / 1000)
    throw new UsageError(`${option} must be from ${leastMs / 1000} to ${most} seconds, not ${value}`)
  }
  return ms
}
