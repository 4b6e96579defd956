import { BlockList } from 'node:net'
import type { DispatchSettings } from '@mi/contract'
import { AddressList, isAddressList } from '@mi/internal/address-list'
import { childModuleUrl } from '@mi/internal/child-module'
import { DISPATCH_SETTINGS, dispatchSettings } from '@mi/internal/dispatch-settings'
import { OptionChecks, type OptionNames, shown } from '@mi/internal/options'
import { type HttpAuth, type ResolvedAuth, resolveAuth } from './auth.js'
import { type HttpTls, resolveTls } from './tls.js'

/** Addresses and ranges: a list such as `['127.0.0.1', '10.0.0.0/8', '::1']`, or a `BlockList` of node:net whose members are meant. */
export type Addresses = readonly string[] | BlockList

/** Options of everything that answers HTTP requests. Those with an OpenSIPS parameter have its meaning and default. */
export interface HttpHandlerOptions extends Omit<DispatchSettings, 'parseErrors'> {
  /** Path of JSON-RPC, without the slash. @default 'mi' (mi_http `root`) */
  readonly root?: string | undefined
  /** Events that the program raises, as server-sent events at `ROOT/events`. @default false */
  readonly events?: boolean | undefined
  /** Peers that receive events at the same time, at most; further ones get 503. @default 100 */
  readonly maxEventStreams?: number | undefined
  /** XML-RPC, at the path `root`. @default none; its root: 'RPC2' (mi_xmlrpc_ng `http_root`) */
  readonly xmlRpc?: { readonly root?: string | undefined } | undefined
  /** Who may ask, by password or token. @default everyone who can connect */
  readonly auth?: HttpAuth | undefined
  /** Origins whose pages may ask, such as `'https://noc.example.org'`. @default none but this server's own pages */
  readonly cors?: readonly string[] | undefined
  /** Names of this server besides `localhost` and addresses, as they stand in URLs: `'mi.example.org'`. @default none */
  readonly hosts?: readonly string[] | undefined
  /** Addresses and ranges that may ask, or a `BlockList` of node:net whose members may. @default all */
  readonly allow?: Addresses | undefined
  /** Addresses of proxies whose `X-Forwarded-For` says who asks. @default none */
  readonly trustedProxies?: Addresses | undefined
  /** Largest request, in bytes; of a compressed one both as sent and as unpacked. @default 1048576 */
  readonly maxRequestBytes?: number | undefined
  /** Bytes of requests that have not arrived in full or wait to be unpacked, of all peers, at most; further ones get 503. @default 67108864 */
  readonly maxPendingRequestBytes?: number | undefined
  /** Requests whose commands run at the same time, at most; further ones get 503. @default 1000 */
  readonly maxConcurrent?: number | undefined
  /** Bytes of replies that wait for slow peers, in all, at most; then the connection that asks for more ends. @default 67108864 */
  readonly maxPendingReplyBytes?: number | undefined
  /** The same for one connection; no reply is longer. @default 16777216 */
  readonly maxPendingReplyBytesPerPeer?: number | undefined
  /** How long a peer may take nothing of its replies before its connection ends, in milliseconds. @default 10000 */
  readonly replyTimeoutMs?: number | undefined
}

/** Options of the HTTP transport. */
export interface HttpOptions extends HttpHandlerOptions {
  /** Address to listen on, or a host name. @default '127.0.0.1' (httpd `ip`, as OpenSIPS 4.0) */
  readonly host?: string | undefined
  /** Port to listen on; 0: one that is free. @default 8888 (httpd `port`) */
  readonly port?: number | undefined
  /**
   * Processes that serve the port; more than one needs `childModule`, and `processes: cluster()` of @mi/processes in `createMi`.
   * Limits are those of each process. @default 1, this process
   */
  readonly childrenCount?: number | undefined
  /**
   * The module whose commands child processes serve, as a `file:` URL or an absolute path: every `MiModule` that it exports. Its
   * export `tracer`, if there is one, traces them. Used when `childrenCount` is more than 1.
   */
  readonly childModule?: URL | string | undefined
  /** HTTPS: options of node:tls such as `cert` and `key`, and whether clients need certificates. @default HTTP */
  readonly tls?: HttpTls | undefined
  /** Open connections, at most; then the one that has been without a request for longest ends. @default 1000 */
  readonly maxConnections?: number | undefined
  /** How long the headers of a request may take, in milliseconds. @default 10000 */
  readonly headersTimeoutMs?: number | undefined
  /** How long a whole request may take to arrive, in milliseconds. @default 30000 */
  readonly requestTimeoutMs?: number | undefined
  /** How long a connection may stay open without a request, in milliseconds. @default 30000 (httpd `conn_timeout`) */
  readonly keepAliveMs?: number | undefined
}

const { parseErrors: _parseErrors, ...SETTINGS } = DISPATCH_SETTINGS

export const HANDLER_OPTIONS: OptionNames<HttpHandlerOptions> = {
  root: true,
  events: true,
  maxEventStreams: true,
  xmlRpc: true,
  auth: true,
  cors: true,
  hosts: true,
  allow: true,
  trustedProxies: true,
  maxRequestBytes: true,
  maxPendingRequestBytes: true,
  maxConcurrent: true,
  maxPendingReplyBytes: true,
  maxPendingReplyBytesPerPeer: true,
  replyTimeoutMs: true,
  ...SETTINGS,
}

export const HTTP_OPTIONS: OptionNames<HttpOptions> = {
  host: true,
  port: true,
  childrenCount: true,
  childModule: true,
  tls: true,
  maxConnections: true,
  headersTimeoutMs: true,
  requestTimeoutMs: true,
  keepAliveMs: true,
  ...HANDLER_OPTIONS,
}

/** How much may wait, and for how long. */
export interface ReplyLimits {
  readonly maxPendingReplyBytes: number
  readonly maxPendingReplyBytesPerPeer: number
  readonly replyTimeoutMs: number
}

/** With their defaults, checked. */
export interface ResolvedHandlerOptions extends ReplyLimits {
  /** With the slash: `/mi`. */
  readonly path: string
  readonly events: boolean
  readonly maxEventStreams: number
  /** Undefined: no XML-RPC. */
  readonly xmlRpcPath: string | undefined
  readonly auth: ResolvedAuth | undefined
  readonly cors: ReadonlySet<string>
  readonly hosts: ReadonlySet<string>
  readonly allow: AddressList | undefined
  readonly trustedProxies: AddressList | undefined
  readonly maxRequestBytes: number
  readonly maxPendingRequestBytes: number
  readonly maxConcurrent: number
  readonly settings: DispatchSettings
}

export interface ResolvedHttpOptions extends ResolvedHandlerOptions {
  readonly host: string
  readonly port: number
  readonly childrenCount: number
  /** A `file:` URL. */
  readonly childModule: string | undefined
  readonly tls: HttpTls | undefined
  readonly maxConnections: number
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly keepAliveMs: number
}

const MOST_CHILDREN = 1_024

/** @throws TypeError, RangeError for values that cannot work */
export function resolveOptions(options: HttpOptions): ResolvedHttpOptions {
  const checks = new OptionChecks('http()')
  checks.known(options, HTTP_OPTIONS)
  const headersTimeoutMs = checks.timerMs('headersTimeoutMs', options.headersTimeoutMs ?? 10_000, 1)
  const requestTimeoutMs = checks.timerMs('requestTimeoutMs', options.requestTimeoutMs ?? 30_000, 1)
  if (headersTimeoutMs > requestTimeoutMs) {
    throw new RangeError(
      `http(): headersTimeoutMs (${headersTimeoutMs}) must not be more than requestTimeoutMs (${requestTimeoutMs}), which includes it`,
    )
  }
  const childrenCount = checks.integer('childrenCount', options.childrenCount ?? 1, 1, MOST_CHILDREN)
  if (childrenCount > 1) assertSerializable(options)
  return {
    ...resolveHandlerOptions(options, 'http()'),
    childrenCount,
    childModule: options.childModule === undefined ? undefined : childModuleUrl('http()', options.childModule),
    host: host(options.host ?? '127.0.0.1'),
    port: checks.integer('port', options.port ?? 8888, 0, 65_535),
    tls: options.tls === undefined ? undefined : resolveTls(options.tls),
    maxConnections: checks.integer('maxConnections', options.maxConnections ?? 1_000, 1),
    headersTimeoutMs,
    requestTimeoutMs,
    keepAliveMs: checks.timerMs('keepAliveMs', options.keepAliveMs ?? 30_000, 1),
  }
}

/**
 * @param factory how messages call the function that takes them; the names are checked before
 * @throws TypeError, RangeError for values that cannot work
 */
export function resolveHandlerOptions(options: HttpHandlerOptions, factory: string): ResolvedHandlerOptions {
  const checks = new OptionChecks(factory)
  const addresses = (name: 'allow' | 'trustedProxies'): AddressList | undefined => {
    const value = options[name]
    if (value === undefined) return undefined
    if (!isAddressList(value)) {
      throw new TypeError(
        `${factory}: ${name} must be a list of addresses such as ['127.0.0.1', '10.0.0.0/8'], or a BlockList, not ${shown(value)}`,
      )
    }
    if (Array.isArray(value) && value.length === 0 && name === 'allow') {
      throw new TypeError(`${factory}: allow is empty and would let nobody in; omit it to let everyone in`)
    }
    return new AddressList(value, `${factory}: ${name}`)
  }
  const root = path('root', options.root ?? 'mi', factory)
  return {
    path: root,
    events: checks.flag('events', options.events ?? false),
    maxEventStreams: checks.integer('maxEventStreams', options.maxEventStreams ?? 100, 1),
    xmlRpcPath: options.xmlRpc === undefined ? undefined : xmlRpcPath(options.xmlRpc, root, factory),
    auth: options.auth === undefined ? undefined : resolveAuth(options.auth, factory),
    cors: new Set(options.cors?.map((origin) => checkedOrigin(origin, factory))),
    hosts: new Set(options.hosts?.map((name) => checkedHost(name, factory))),
    allow: addresses('allow'),
    trustedProxies: addresses('trustedProxies'),
    maxRequestBytes: checks.integer('maxRequestBytes', options.maxRequestBytes ?? 1_048_576, 1),
    maxPendingRequestBytes: checks.limit('maxPendingRequestBytes', options.maxPendingRequestBytes ?? 67_108_864, 1),
    maxConcurrent: checks.limit('maxConcurrent', options.maxConcurrent ?? 1_000, 1),
    maxPendingReplyBytes: checks.limit('maxPendingReplyBytes', options.maxPendingReplyBytes ?? 67_108_864, 1),
    maxPendingReplyBytesPerPeer: checks.limit(
      'maxPendingReplyBytesPerPeer',
      options.maxPendingReplyBytesPerPeer ?? 16_777_216,
      1_024,
    ),
    replyTimeoutMs: checks.timerMs('replyTimeoutMs', options.replyTimeoutMs ?? 10_000, 1),
    settings: dispatchSettings(checks, { backend: 'json', ...options, parseErrors: 'jsonrpc' }),
  }
}

/** Child processes get their options by the structured clone algorithm, and events only from their own process. */
function assertSerializable(options: HttpOptions): void {
  if (options.tracer !== undefined) {
    throw new TypeError(
      'http(): with childrenCount above 1, tracer cannot be handed to the child processes; export it as `tracer` from childModule',
    )
  }
  if (options.events === true) {
    throw new TypeError(
      'http(): with childrenCount above 1, events of this process do not reach the child processes; use one process for events',
    )
  }
  try {
    // It goes as a text.
    const { childModule: _module, ...rest } = options
    structuredClone(rest)
  } catch {
    throw new TypeError(
      'http(): with childrenCount above 1, functions such as auth.check cannot be handed to the child processes; give auth.users ' +
        'or auth.tokens, and tls as texts',
    )
  }
  if (options.allow instanceof BlockList || options.trustedProxies instanceof BlockList) {
    throw new TypeError(
      "http(): with childrenCount above 1, a BlockList cannot be handed to the child processes; give a list such as ['10.0.0.0/8']",
    )
  }
}

function host(value: unknown): string {
  if (typeof value === 'string' && value !== '' && !/[\s/]/.test(value) && !/^\[/.test(value)) return value
  throw new TypeError(
    `http(): host must be an address or a host name, such as '127.0.0.1', '::' or '0.0.0.0' for all, not ${shown(value)}`,
  )
}

function xmlRpcPath(xmlRpc: { readonly root?: string | undefined }, jsonRpcPath: string, factory: string): string {
  new OptionChecks(`${factory}: xmlRpc`).known(xmlRpc, { root: true })
  const found = path('xmlRpc.root', xmlRpc.root ?? 'RPC2', factory)
  if (found !== jsonRpcPath) return found
  throw new TypeError(`${factory}: xmlRpc.root and root are both '${found.slice(1)}': choose another one`)
}

/** @returns with the slash in front */
function path(name: string, value: unknown, factory: string): string {
  if (typeof value === 'string' && /^\/?[\w.-]+(\/[\w.-]+)*$/.test(value)) return `/${value.replace(/^\//, '')}`
  throw new TypeError(
    `${factory}: ${name} must be a path of letters, digits, '_', '-', '.' and '/', such as 'mi', not ${shown(value)}`,
  )
}

function checkedOrigin(value: unknown, factory: string): string {
  if (typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value) return value
  throw new TypeError(
    `${factory}: cors must hold origins such as 'https://noc.example.org' or 'http://localhost:5173', without a path, not ${shown(value)}`,
  )
}

function checkedHost(value: unknown, factory: string): string {
  if (typeof value === 'string' && /^[a-z0-9.-]+$/i.test(value)) return value.toLowerCase()
  throw new TypeError(
    `${factory}: hosts must hold host names without scheme and port, such as 'mi.example.org', not ${shown(value)}`,
  )
}
