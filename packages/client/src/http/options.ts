import type { SecureContextOptions } from 'node:tls'
import { longestTimerMs } from '../longest-timer.js'

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
  /** Further headers of each request, such as those that a proxy in front of the server wants. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** For `https:`: whom to trust, and who this client is. */
  readonly tls?: HttpTlsOptions | undefined
  /** How many connections there may be at once, each for one call at a time; further calls wait in order. @default 16 */
  readonly maxConcurrent?: number | undefined
  /** How many calls may wait for their turn; more are refused with `MI_CONNECTION`. @default 65536 */
  readonly maxWaiting?: number | undefined
  /** The longest answer, in bytes; a longer one is refused with `MI_PROTOCOL`. @default 67108864 (64 MiB) */
  readonly maxReplyBytes?: number | undefined
  /** How long a connection that nobody uses is kept for further calls, in milliseconds. @default 4000 */
  readonly idleMs?: number | undefined
}

/** As `tls.connect` of Node.js takes them. */
export interface HttpTlsOptions
  extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'minVersion' | 'maxVersion'> {
  /** The name that the certificate must be for. @default the host of the url */
  readonly servername?: string | undefined
  /** Whether a certificate that cannot be verified is refused. @default true */
  readonly rejectUnauthorized?: boolean | undefined
}

export interface ResolvedHttpOptions {
  /** Without user and password. */
  readonly url: URL
  /** Those of every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly tls: HttpTlsOptions
  readonly maxConcurrent: number
  readonly maxWaiting: number
  readonly maxReplyBytes: number
  readonly idleMs: number
}

const usualUrl = 'http://127.0.0.1:8888/mi'

/** @throws TypeError for what is no URL, user or header, RangeError for a number out of bounds */
export function resolveHttpOptions(options: HttpTransportOptions): ResolvedHttpOptions {
  const given = parseUrl(options.url ?? usualUrl)
  const { tls = {} } = options
  if (options.tls !== undefined && given.protocol !== 'https:') {
    throw new TypeError(`http(): tls is for https: URLs, and ${withoutUser(given).href} is none`)
  }
  const whole = (option: string, value: number, to = Number.MAX_SAFE_INTEGER): number => {
    if (Number.isSafeInteger(value) && value >= 1 && value <= to) return value
    throw new RangeError(`http(): ${option} must be a whole number from 1, not ${String(value)}`)
  }
  return {
    url: withoutUser(given),
    headers: { ...checkedHeaders(options.headers ?? {}), ...authorization(options, given), ...requestHeaders },
    tls,
    maxConcurrent: whole('maxConcurrent', options.maxConcurrent ?? 16),
    maxWaiting: whole('maxWaiting', options.maxWaiting ?? 65_536),
    maxReplyBytes: whole('maxReplyBytes', options.maxReplyBytes ?? 64 * 1024 * 1024),
    idleMs: whole('idleMs', options.idleMs ?? 4000, longestTimerMs),
  }
}

/** httpd of OpenSIPS refuses a request without a type that it knows. */
const requestHeaders = { 'content-type': 'application/json', accept: 'application/json' } as const

function parseUrl(given: string | URL): URL {
  const problem = `http(): url must be an http: or https: URL, such as ${usualUrl}`
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

function authorization({ username, password }: HttpTransportOptions, url: URL): Record<string, string> {
  const inUrl = url.username !== '' || url.password !== ''
  if (username === undefined && password === undefined && !inUrl) return {}
  if (username === undefined && password !== undefined) throw new TypeError('http(): a password needs a username')
  if (username !== undefined && inUrl) {
    throw new TypeError('http(): give the user in the url or as username and password, not both')
  }
  const user = username ?? decoded(url.username)
  if (typeof user !== 'string' || user.includes(':')) {
    throw new TypeError('http(): basic authentication has no username with a colon')
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

/** Those that belong to the message itself cannot be chosen. */
function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key) || typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new TypeError(`http(): header ${JSON.stringify(name)} is none that HTTP can carry`)
    }
    if (reserved.has(key)) throw new TypeError(`http(): header '${name}' is the transport's own`)
    checked[key] = value
  }
  return checked
}

const reserved: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'accept',
  'expect',
])
