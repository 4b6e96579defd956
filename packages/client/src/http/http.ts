import type { ClientTransport } from '@mi/contract'
import { LARGEST_TIMER_MS, OptionChecks, type OptionNames } from '@mi/internal/options'
import { bearer, type HttpTlsOptions, HttpTransport } from './http-transport.js'

export type { HttpTlsOptions } from './http-transport.js'

/** Where the server is, and how it is asked. */
export interface HttpTransportOptions {
  /**
   * `http:` or `https:`, with the path that the server answers at (httpd `ip` and `port`, mi_http `root`). A user and
   * password in it are those of basic authentication. @default 'http://127.0.0.1:8888/mi'
   */
  readonly url?: string | URL | undefined
  /** The user for basic authentication. @default that of the url, if it has one */
  readonly username?: string | undefined
  /** The password that goes with it. @default '' */
  readonly password?: string | undefined
  /**
   * A token for bearer authentication, or a function that gives one for each request. Not together with a user.
   * @default none
   */
  readonly token?: string | (() => string | Promise<string>) | undefined
  /** Further headers of each request, such as those that a proxy in front of the server wants. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** For `https:`: which certificates to trust, and the certificate of this client. */
  readonly tls?: HttpTlsOptions | undefined
  /** How many connections there may be at once, each for one call at a time; further calls wait in order. @default 16 */
  readonly maxConcurrent?: number | undefined
  /** How many calls may wait for their turn; more are refused with `MI_CONNECTION`. @default 65536 */
  readonly maxQueued?: number | undefined
  /** The longest reply, in bytes; a longer one is refused with `MI_PROTOCOL`. @default 67108864 (64 MiB) */
  readonly maxReplyBytes?: number | undefined
  /** How long a connection that nobody uses is kept for further calls, in milliseconds. @default 4000 */
  readonly idleMs?: number | undefined
}

const DEFAULT_URL = 'http://127.0.0.1:8888/mi'

const OPTIONS: OptionNames<HttpTransportOptions> = {
  url: true,
  username: true,
  password: true,
  token: true,
  headers: true,
  tls: true,
  maxConcurrent: true,
  maxQueued: true,
  maxReplyBytes: true,
  idleMs: true,
}

/**
 * Carries a client's requests over HTTP or HTTPS to mi_http of OpenSIPS, or to any server that takes JSON-RPC by POST.
 * Connections are kept open between calls. Nothing is opened before the first request.
 *
 * It uses node:http and node:https: the fetch of Node.js takes no certificates, and undici, which does, is larger than
 * all of this package and what it depends on.
 * @throws TypeError for an unknown option, or a wrong URL, user or header; RangeError for a number out of bounds
 */
export function http(options: HttpTransportOptions = {}): ClientTransport {
  const check = new OptionChecks('http()')
  const { tls, headers, token, maxConcurrent, maxQueued, maxReplyBytes, idleMs } = check.known(options, OPTIONS)
  const given = parseUrl(options.url ?? DEFAULT_URL)
  const url = withoutUser(given)
  if (tls !== undefined && given.protocol !== 'https:') {
    throw new TypeError(`http(): tls is for https: URLs, not for ${url.href}`)
  }
  return new HttpTransport({
    url,
    headers: { ...checkedHeaders(headers ?? {}), ...authorization(options, given), ...REQUEST_HEADERS },
    token: typeof token === 'function' ? token : undefined,
    tls: tls ?? {},
    maxConcurrent: check.integer('maxConcurrent', maxConcurrent ?? 16, 1),
    maxQueued: check.integer('maxQueued', maxQueued ?? 65_536, 1),
    maxReplyBytes: check.integer('maxReplyBytes', maxReplyBytes ?? 64 * 1024 * 1024, 1),
    idleMs: check.integer('idleMs', idleMs ?? 4000, 1, LARGEST_TIMER_MS),
  })
}

/** httpd of OpenSIPS refuses a request without a type that it knows. */
const REQUEST_HEADERS = { 'content-type': 'application/json', accept: 'application/json' } as const

function parseUrl(given: string | URL): URL {
  const problem = `http(): url must be an http: or https: URL, such as ${DEFAULT_URL}`
  let url: URL
  try {
    url = new URL(given)
  } catch (cause) {
    // Not shown: it may hold a password.
    throw new TypeError(problem, { cause: cause instanceof Error ? cause.message : cause })
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`${problem}, not ${url.protocol}`)
  return url
}

function withoutUser(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  bare.hash = ''
  return bare
}

function authorization({ username, password, token }: HttpTransportOptions, url: URL): Record<string, string> {
  const inUrl = url.username !== '' || url.password !== ''
  if (token !== undefined) {
    if (username !== undefined || password !== undefined || inUrl) {
      throw new TypeError('http(): give a user with a password, or a token, not both')
    }
    return typeof token === 'function' ? {} : { authorization: bearer(token) }
  }
  if (username === undefined && password === undefined && !inUrl) return {}
  if (username === undefined && password !== undefined) throw new TypeError('http(): a password needs a username')
  if (username !== undefined && inUrl) {
    throw new TypeError('http(): give the user in the url or as username and password, not both')
  }
  const user = username ?? decoded(url.username)
  if (typeof user !== 'string' || user.includes(':')) {
    throw new TypeError('http(): a username of basic authentication must be a string without a colon')
  }
  const secret = password ?? (inUrl ? decoded(url.password) : '')
  return { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` }
}

/** The user or password of a URL. It is not shown where it cannot be decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new TypeError('http(): a % in the user or password of the url must be written as %25', { cause })
  }
}

/** The headers that describe the message itself cannot be chosen. */
function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key) || typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new TypeError(`http(): header ${JSON.stringify(name)} is not a valid header`)
    }
    if (RESERVED.has(key)) throw new TypeError(`http(): header '${name}' is set by the transport`)
    checked[key] = value
  }
  return checked
}

const RESERVED: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'accept',
  'expect',
])
