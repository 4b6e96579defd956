import type { Options } from '../arguments/options.js'
import type { Settings } from '../config/settings.js'
import { UsageError } from '../usage-error.js'

/** The server that is to be asked. */
export interface Server {
  readonly url: string
  /** For `fifo:`: the FIFO to try when that of the URL is not there. */
  readonly fallback: string | undefined
  /** For `fifo:` and `unix:`: where answers arrive. */
  readonly replyDir: string | undefined
  /** Where the choice came from, for messages. */
  readonly origin: string
}

/** opensips-cli's own default. */
const usualHttp = 'http://127.0.0.1:8888/mi'

/**
 * Which server is meant: by -u, else by the file or instance that was asked for, else by MI_URL, else by the usual
 * configuration file, else the FIFO at its usual place.
 * @param readSettings called only when nothing before it decides
 * @throws UsageError for a configuration that names no server
 */
export function chooseServer(
  options: Pick<Options, 'url' | 'config' | 'instance' | 'replyDir'>,
  environmentUrl: string | undefined,
  readSettings: () => Settings | undefined,
): Server {
  const { url, config, instance, replyDir } = options
  if (url !== undefined) {
    if (config !== undefined || instance !== undefined) {
      throw new UsageError('-u names the server itself: leave out -f and -i')
    }
    return { url, fallback: undefined, replyDir, origin: '-u' }
  }
  const isAsked = config !== undefined || instance !== undefined
  if (!isAsked && environmentUrl !== undefined && environmentUrl !== '') {
    return { url: environmentUrl, fallback: undefined, replyDir, origin: 'MI_URL' }
  }
  const settings = readSettings()
  if (settings === undefined) return { url: 'fifo:', fallback: undefined, replyDir, origin: 'the default' }
  const server = serverOf(settings)
  return { ...server, replyDir: replyDir ?? server.replyDir }
}

/** The server that a configuration of opensips-cli names. Source: opensips-cli, README and communication modules. */
export function serverOf(settings: Settings): Server {
  const { origin } = settings
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
      return { url: settings.get('url') ?? usualHttp, fallback: undefined, replyDir: undefined, origin }
    case 'datagram': {
      const host = settings.get('datagram_ip') ?? '127.0.0.1'
      const port = settings.get('datagram_port')
      if (port === undefined || !/^\d+$/.test(port)) {
        throw new UsageError(`${origin}: communication_type datagram wants a datagram_port, such as 8080`)
      }
      const url = `udp:${host.includes(':') ? `[${host}]` : host}:${port}`
      return { url, fallback: undefined, replyDir: undefined, origin }
    }
    default:
      throw new UsageError(`${origin}: communication_type is fifo, http or datagram, not '${type}'`)
  }
}
