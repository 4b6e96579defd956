import type { ClientTransport } from '@mi/contract'
import { OptionChecks, type OptionNames, shown } from '@mi/internal/options'
import { Client } from './client.js'
import { fifo } from './fifo/fifo.js'
import { http } from './http/http.js'
import { checkedMiddleware, type Middleware } from './middleware/middleware.js'
import type { NumberReading } from './numbers.js'
import { checkedTimeout } from './requests.js'
import { parseServerUrl } from './server-url.js'
import type { MiClient } from './types.js'
import { udp } from './udp/udp.js'
import { unix } from './unix/unix.js'

/** How a client is made. */
export interface ClientOptions {
  /**
   * How long a request may take, in milliseconds, unless it has its own limit; 0 is no limit.
   * @default 5000; 35000 for a command whose contract says that it answers later (`async`), as `tm:uac_dlg` does
   */
  readonly timeoutMs?: number | undefined
  /**
   * How numbers of results, of the data of errors, and of events are read, whatever their types say: `bigint` makes integers
   * beyond 2^53 bigints; `exact` makes whatever JavaScript would write otherwise an `ExactNumber`, which keeps its digits.
   * @default 'number'
   */
  readonly numbers?: NumberReading | undefined
  /** What every request goes through, the first one first: `logRequests()`, `measureRequests()`, `retry()`. @default none */
  readonly middleware?: readonly Middleware[] | undefined
}

const OPTIONS: OptionNames<ClientOptions> = { timeoutMs: true, numbers: true, middleware: true }

/**
 * Makes a client for one server. Nothing is opened before the first request.
 * @param server its URL, or a transport, which the client then owns: closing the client closes it. URLs are
 * - `fifo:/run/opensips/opensips_fifo?reply_dir=/run/opensips`, or `fifo:` for the usual places; also `fallback=PATH`, or
 *   `fallback=false` for none
 * - `udp:127.0.0.1:8080`, `udp:[::1]:8080`
 * - `unix:/run/opensips/mi.sock?reply_dir=/run/opensips` (UNIX datagrams)
 * - `http://127.0.0.1:8888/mi`, `https://user:password@mi.example.org/mi`
 *
 * Left out or undefined, it is the environment variable `MI_URL`, which nothing else in this package reads.
 * @throws TypeError for a URL that does not name a server, a wrong transport or option, RangeError for a wrong number
 * @throws MiError `MI_UNSUPPORTED` for `fifo:` and `unix:` on Windows
 */
export function createClient(server?: string | ClientTransport | undefined, options: ClientOptions = {}): MiClient {
  new OptionChecks('createClient()').known(options, OPTIONS)
  return new Client({
    timeoutMs: options.timeoutMs === undefined ? undefined : checkedTimeout('createClient()', options.timeoutMs),
    numbers: checkedReading(options.numbers),
    middleware: checkedMiddleware(options.middleware),
    transport: typeof server === 'string' || server === undefined ? transportFor(server) : checkedTransport(server),
  })
}

function checkedReading(numbers: NumberReading = 'number'): NumberReading {
  if (['number', 'bigint', 'exact'].includes(numbers)) return numbers
  throw new TypeError(`createClient(): numbers must be 'number', 'bigint' or 'exact', not ${shown(numbers)}`)
}

function checkedTransport(transport: ClientTransport): ClientTransport {
  const given: Partial<ClientTransport> | null = transport
  if (typeof given?.request === 'function' && typeof given.close === 'function') return transport
  throw new TypeError(
    `createClient(): the server must be a URL or a client transport, such as fifo() of @mi/client/fifo makes, not ${shown(given)}`,
  )
}

function transportFor(text: string | undefined): ClientTransport {
  const { MI_URL } = process.env
  if (text === undefined && (MI_URL === undefined || MI_URL === '')) {
    throw new TypeError(
      "createClient(): give the server's URL, such as 'fifo:/run/opensips/opensips_fifo', or set MI_URL",
    )
  }
  const server = parseServerUrl(text === undefined ? 'createClient(), MI_URL' : 'createClient()', text ?? MI_URL ?? '')
  switch (server.kind) {
    case 'fifo':
      return fifo(server.options)
    case 'udp':
      return udp(server.options)
    case 'unix':
      return unix(server.options)
    case 'http':
      return http(server.options)
  }
}
