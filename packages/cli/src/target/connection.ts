import { readFileSync, statSync } from 'node:fs'
import type { MiClient } from '@mi/client'
import { errorText } from '@mi/internal/error-text'
import { type Options, type OutputFormat, parseDuration, readFormat } from '../arguments/options.js'
import { inWordsOfCli, UsageError } from '../failure.js'
import type { Terminal } from '../terminal.js'
import { DEFAULT_SETTINGS, readSettings, type Settings } from './config-file.js'

/** The server to ask. */
export interface Server {
  readonly url: string
  /** For `fifo:`: the FIFO to try when that of the URL is not there. */
  readonly fallback: string | undefined
  /** For `fifo:` and `unix:`: where replies arrive. */
  readonly replyDir: string | undefined
  /** Where the choice came from, for messages. */
  readonly origin: string
  /** How long a call may take, and how results are printed, where a configuration file says so. */
  readonly timeoutMs?: number | undefined
  readonly output?: OutputFormat | undefined
}

/** A client and the server that it is for. */
export interface Connection {
  readonly client: MiClient
  readonly server: Server & { readonly shown: string }
}

/** Opens a client for one piece of work. */
export async function withClient<T>(
  options: Options,
  terminal: Pick<Terminal, 'env'>,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await openClient(options, terminal)
  try {
    return await work(connection)
  } finally {
    await connection.client.close()
  }
}

/**
 * Makes a client for the chosen server. Nothing is opened before the first call.
 * @throws UsageError for a choice that names no server
 */
async function openClient(options: Options, { env }: Pick<Terminal, 'env'>): Promise<Connection> {
  const chosen = chooseServer(options, env.MI_URL, () => readSettings(options.config, options.instance, env.HOME))
  const server = { ...chosen, url: completeUrl(chosen) }
  const { url, origin } = server
  const ca = options.ca === undefined ? undefined : readAuthorities(options.ca)
  const { createClient } = await import('@mi/client')
  const { http } = await import('@mi/client/http')
  try {
    const isHttp = /^https?:/i.test(url)
    const target = isHttp && ca !== undefined ? http({ url, tls: { ca } }) : clientUrl(server)
    const client = createClient(target, {
      timeoutMs: options.timeoutMs ?? server.timeoutMs,
      numbers: 'exact',
    })
    return { client, server: { ...server, shown: shownUrl(url) } }
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause
    // Without the name of a function that the user has not called.
    const problem = inWordsOfCli(cause.message.replace(/^\w+\(\)(, MI_URL)?: /, ''))
    throw new UsageError(`${origin}: ${problem.replace(/^url must be/, `'${shownUrl(url)}' must be`)}`, { cause })
  }
}

/** The URL with the settings that are not a part of it. What the URL itself says goes first. */
function clientUrl({ url, replyDir, fallback }: Server): string {
  const scheme = /^(fifo|unix):/.exec(url)?.[1]
  if (scheme === undefined) return url
  const settings = { reply_dir: replyDir, fallback: scheme === 'fifo' ? fallback : undefined }
  let result = url
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || new RegExp(`[?&]${name}=`).test(url)) continue
    result += `${result.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
  }
  return result
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`cannot read --ca ${file}: ${errorText(cause)}`, { cause })
  }
}

/** A URL as messages show it. A password may contain an @ itself: the last one ends it. */
function shownUrl(url: string): string {
  return url === 'fifo:' ? 'the FIFO at its usual places' : url.replace(/^(https?:\/\/)[^/?#]*@/, '$1')
}

/**
 * A URL with its scheme: `/run/opensips/mi.sock` is a socket, as its file shows.
 * @throws UsageError for a text without a scheme that is not the path of a FIFO or a socket
 */
function completeUrl({ url, origin }: Server): string {
  if (/^[a-z]+:/i.test(url) && !/^localhost:\d/i.test(url)) return url
  const kind = url.includes('/') ? statSync(url, { throwIfNoEntry: false }) : undefined
  if (kind?.isFIFO()) return `fifo:${url}`
  if (kind?.isSocket()) return `unix:${url}`
  // Without a scheme there may be a password in front of a host; where there is a @, the text is not repeated.
  if (url.includes('@')) throw new UsageError(`${origin}: http:// is missing before the host`)
  const meant = url.includes('/')
    ? [`fifo:${url}`, `unix:${url}`]
    : /:\d+$/.test(url)
      ? [`udp:${url}`, `http://${url}/mi`]
      : ['fifo:PATH', 'unix:PATH', 'udp:HOST:PORT', 'http://HOST:PORT/mi']
  const why = kind === undefined ? '' : ', which is not a FIFO or a socket'
  throw new UsageError(`${origin}: unknown server '${url}'${why}; write ${alternatives(meant)}`)
}

function alternatives(words: readonly string[]): string {
  return words.length === 1 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/**
 * Chooses the server: from -u, else from the file or instance that was asked for, or from settings (-o), else from MI_URL, else from
 * the first usual configuration file, else the FIFO at its usual places.
 * @param settings called only when nothing before it decides
 * @throws UsageError for a configuration that names no server
 */
export function chooseServer(
  options: Pick<Options, 'url' | 'config' | 'instance' | 'replyDir' | 'settings'>,
  environmentUrl: string | undefined,
  settings: () => Settings | undefined,
): Server {
  const { url, config, instance, replyDir, settings: overrides } = options
  const isAsked = config !== undefined || instance !== undefined || overrides !== undefined
  if (url !== undefined) {
    if (isAsked) throw new UsageError('-u already names the server: leave out -f, -i and -o KEY=VALUE')
    return { url, fallback: undefined, replyDir, origin: '-u' }
  }
  if (!isAsked && environmentUrl !== undefined && environmentUrl !== '') {
    return { url: environmentUrl, fallback: undefined, replyDir, origin: 'MI_URL' }
  }
  const found = withOverrides(settings(), overrides)
  if (found === undefined) return { url: 'fifo:', fallback: undefined, replyDir, origin: 'the default' }
  const server = serverOf(found)
  return { ...server, replyDir: replyDir ?? server.replyDir }
}

function withOverrides(settings: Settings | undefined, overrides: Options['settings']): Settings | undefined {
  if (overrides === undefined) return settings
  const given = new Map(Object.entries(overrides))
  return {
    origin: settings === undefined ? '-o' : `-o and ${settings.origin}`,
    get: (key) => given.get(key) ?? settings?.get(key),
  }
}

/** The server that a configuration of opensips-cli names. Source: opensips-cli 0.4.0, README and defaults; python-opensips 0.1.9. */
export function serverOf(settings: Settings): Server {
  const { origin } = settings
  const format = settings.get('output_type')
  const output = format === undefined ? undefined : readFormat(format, `${origin}: output_type`)
  const named = (url: string): Server => ({ url, fallback: undefined, replyDir: undefined, origin, output })
  const type = settings.get('communication_type') ?? DEFAULT_SETTINGS.communication_type
  switch (type) {
    case 'fifo': {
      const file = settings.get('fifo_file')
      return {
        ...named(file === undefined ? 'fifo:' : `fifo:${file}`),
        fallback: settings.get('fifo_file_fallback'),
        replyDir: settings.get('fifo_reply_dir'),
      }
    }
    case 'http':
      return named(settings.get('url') ?? DEFAULT_SETTINGS.url)
    case 'datagram': {
      const timeout = settings.get('datagram_timeout')
      const timeoutMs = timeout === undefined ? undefined : parseDuration(`${origin}: datagram_timeout`, timeout, 1)
      return { ...named(datagramUrl(settings)), timeoutMs }
    }
    default:
      throw new UsageError(`${origin}: communication_type must be fifo, http or datagram, not '${type}'`)
  }
}

function datagramUrl(settings: Settings): string {
  const path = settings.get('datagram_unix_socket')
  if (path !== undefined) return `unix:${path}`
  const host = settings.get('datagram_ip') ?? DEFAULT_SETTINGS.datagram_ip
  const port = settings.get('datagram_port') ?? DEFAULT_SETTINGS.datagram_port
  if (!/^\d+$/.test(port)) throw new UsageError(`${settings.origin}: datagram_port must be a number, not '${port}'`)
  return `udp:${host.includes(':') ? `[${host}]` : host}:${port}`
}
