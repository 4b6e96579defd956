import type { ClientTransport } from '@mi/contract'
import type { ClientOptions } from './client-options.js'
import { createClient } from './create-client.js'
import { type FifoTransportOptions, fifo } from './fifo/fifo.js'
import { type HttpTransportOptions, http } from './http/http.js'
import type { MiClient } from './mi-client.js'
import { type MiUrl, parseMiUrl } from './mi-url.js'
import { type UdpTransportOptions, udp } from './udp/udp.js'
import { type UnixDatagramTransportOptions, unixDatagram } from './unix-datagram/unix-datagram.js'

/** What a client may be given besides the server's URL. Those for other transports than that of the URL are not looked at. */
export interface ConnectOptions extends Omit<ClientOptions, 'transport'> {
  /** For `fifo:`. */
  readonly fifo?: Omit<FifoTransportOptions, 'fifoName'> | undefined
  /** For `udp:`. */
  readonly udp?: Omit<UdpTransportOptions, 'host' | 'port'> | undefined
  /** For `unix:`. */
  readonly unix?: Omit<UnixDatagramTransportOptions, 'path'> | undefined
  /** For `http:` and `https:`. */
  readonly http?: Omit<HttpTransportOptions, 'url'> | undefined
}

/**
 * Makes a client for the server that a text names:
 * - `fifo:/run/opensips/opensips_fifo`, or `fifo:` for the usual places
 * - `udp:127.0.0.1:8080`, `udp:[::1]:8080`
 * - `unix:/run/opensips/mi.sock` (UNIX datagrams)
 * - `http://127.0.0.1:8888/mi`, `https://user:password@mi.example.org/mi`
 *
 * Nothing is opened before the first request.
 * @param url left out or undefined: the environment variable `MI_URL`, which nothing else in this package reads
 * @throws TypeError for what names no server, and when neither is given; TypeError, RangeError for options that are none
 * @throws MiError `MI_UNSUPPORTED` for `fifo:` and `unix:` on Windows
 */
export function connect(url?: string | undefined, options: ConnectOptions = {}): MiClient {
  const { timeout, middleware } = options
  return createClient({ transport: transportFor(parse(url), options), timeout, middleware })
}

function parse(url: string | undefined): MiUrl {
  if (url !== undefined) return parseMiUrl('connect()', String(url))
  const { MI_URL } = process.env
  if (MI_URL === undefined || MI_URL === '') {
    throw new TypeError("connect(): give the server's URL, such as 'fifo:/run/opensips/opensips_fifo', or set MI_URL")
  }
  return parseMiUrl('connect(), MI_URL', MI_URL)
}

function transportFor(server: MiUrl, options: ConnectOptions): ClientTransport {
  switch (server.kind) {
    case 'fifo':
      return fifo({ ...options.fifo, fifoName: server.fifoName })
    case 'udp':
      return udp({ ...options.udp, host: server.host, port: server.port })
    case 'unix':
      return unixDatagram({ ...options.unix, path: server.path })
    case 'http':
      return http({ ...options.http, url: server.url })
  }
}
