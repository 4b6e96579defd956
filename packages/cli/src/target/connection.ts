import { readFileSync } from 'node:fs'
import type { MiClient } from '@mi/client'
import { errorText } from '@mi/internal/error-text'
import type { Options } from '../arguments/options.js'
import { inWordsOfCli, UsageError } from '../failure.js'
import type { Terminal } from '../terminal.js'
import { readSettings, type Settings } from './config-file.js'

/** The server to ask. */
export interface Server {
  readonly url: string
  /** For `fifo:`: the FIFO to try when that of the URL is not there. */
  readonly fallback: string | undefined
  /** For `fifo:` and `unix:`: where replies arrive. */
  readonly replyDir: string | undefined
  /** Where the choice came from, for messages. */
  readonly origin: string
}

/** A client and the server that it is for. */
export interface Connection {
  readonly client: MiClient
  readonly server: Server & { readonly shown: string }
}

/** The default of opensips-cli. */
const DEFAULT_HTTP_URL = 'http://127.0.0.1:8888/mi'

/** The default of opensips-cli. */
const DEFAULT_DATAGRAM_PORT = '8080'

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
  const server = chooseServer(options, env.MI_URL, () => readSettings(options.config, options.instance, env.HOME))
  const { url, origin } = server
  const ca = options.ca === undefined ? undefined : readAuthorities(options.ca)
  const { createClient } = await import('@mi/client')
  const { http } = await import('@mi/client/http')
  try {
    const isHttp = /^https?:/i.test(url)
    const target = isHttp && ca !== undefined ? http({ url, tls: { ca } }) : clientUrl(server)
    const client = createClient(target, { timeoutMs: options.timeoutMs })
    return { client, server: { ...server, shown: shownUrl(url) } }
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause
    // Without the name of a function that the user has not called.
    const problem = inWordsOfCli(cause.message.replace(/^\w+\(\)(, MI_URL)?: /, ''))
    throw new UsageError(`${origin}: ${problem}`, { cause })
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
 * Chooses the server: from -u, else from the file or instance that was asked for, else from MI_URL, else from the first
 * usual configuration file, else the FIFO at its usual places.
 * @param settings called only when nothing before it decides
 * @throws UsageError for a configuration that names no server
 */
export function chooseServer(
  options: Pick<Options, 'url' | 'config' | 'instance' | 'replyDir'>,
  environmentUrl: string | undefined,
  settings: () => Settings | undefined,
): Server {
  const { url, config, instance, replyDir } = options
  if (url !== undefined) {
    if (config !== undefined || instance !== undefined) {
      throw new UsageError('-u already names the server: leave out -f and -i')
    }
    return { url, fallback: undefined, replyDir, origin: '-u' }
  }
  const isAsked = config !== undefined || instance !== undefined
  if (!isAsked && environmentUrl !== undefined && environmentUrl !== '') {
    return { url: environmentUrl, fallback: undefined, replyDir, origin: 'MI_URL' }
  }
  const found = settings()
  if (found === undefined) return { url: 'fifo:', fallback: undefined, replyDir, origin: 'the default' }
  const server = serverOf(found)
  return { ...server, replyDir: replyDir ?? server.replyDir }
}

/** The server that a configuration of opensips-cli names. Source: opensips-cli, README and communication modules. */
export function serverOf(settings: Settings): Server {
  const { origin } = settings
  const named = (url: string): Server => ({ url, fallback: undefined, replyDir: undefined, origin })
  const type = settings.get('communication_type') ?? 'fifo'
  switch (type) {
    case 'fifo': {
      const file = settings.get('fifo_file')
      return {
        url: file === undefined ? 'fifo:' : `fifo:${file}`,
        fallback: settings.get('fifo_file_fallback'),
        replyDir: settings.get('fifo_reply_dir'),
        origin,
      }
    }
    case 'http':
      return named(settings.get('url') ?? DEFAULT_HTTP_URL)
    case 'datagram': {
      const path = settings.get('datagram_unix_socket')
      if (path !== undefined) return named(`unix:${path}`)
      const host = settings.get('datagram_ip') ?? '127.0.0.1'
      const port = settings.get('datagram_port') ?? DEFAULT_DATAGRAM_PORT
      if (!/^\d+$/.test(port)) throw new UsageError(`${origin}: datagram_port must be a number, not '${port}'`)
      return named(`udp:${host.includes(':') ? `[${host}]` : host}:${port}`)
    }
    default:
      throw new UsageError(`${origin}: communication_type must be fifo, http or datagram, not '${type}'`)
  }
}
