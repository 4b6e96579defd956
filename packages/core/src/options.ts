import {
  type AccessCheck,
  type Interceptor,
  isMiModule,
  type MiLogger,
  type MiModule,
  type ServerTransport,
} from '@mi/contract'
import { silence } from '@mi/internal/guarded-log'
import { OptionChecks, type OptionNames } from '@mi/internal/options'
import type { OwnProcess, Processes } from './processes.js'

/**
 * Bounds of one client, so that nobody takes all. Clients are distinguished by what they cannot change at will: the user id, where
 * the kernel says it (UNIX sockets); else the user or certificate that the transport has authenticated; else the address without its
 * port, and of an IPv6 address the first 64 bits; else not at all: all clients of a FIFO, and all calls from within the program by one
 * name, have one share.
 */
export interface PeerLimits {
  /** Commands of one client among `limits.maxInFlight`, at most. @default a tenth of `limits.maxInFlight` */
  readonly inFlight?: number | undefined
}

/** Bounds of the engine. */
export interface MiLimits {
  /** How long a command may take, in milliseconds; 0 is without limit. A contract's `timeoutMs` goes first. @default 30000 */
  readonly commandTimeoutMs?: number | undefined
  /** How long `close` waits for commands in flight before it answers for them, in milliseconds. @default 5000 */
  readonly closeTimeoutMs?: number | undefined
  /**
   * Commands that have promised an answer and not given it yet, at most. More are answered -32000 and not run. A command that
   * has always answered at once is never refused. One that answers later only now and then, as with a cache, is refused like those
   * that always do, once it has promised for the first time. @default 10000
   */
  readonly maxInFlight?: number | undefined
  /** Bounds of what one client may have. */
  readonly perPeer?: PeerLimits | undefined
  /** Requests in one JSON-RPC batch, at most; a longer batch is answered -32600. @default 1000 */
  readonly maxBatchRequests?: number | undefined
  /**
   * Length of a reply at most, in bytes, where the transport does not set a shorter one; what would be longer is answered
   * -32000, and a batch stops there. @default 67108864
   */
  readonly maxReplyBytes?: number | undefined
  /** Subscriptions to events, at most; more are refused. @default 1000 */
  readonly maxEventListeners?: number | undefined
  /** How long a child process may take to listen before it is ended, in milliseconds; 0 is without limit. @default 60000 */
  readonly childStartTimeoutMs?: number | undefined
}

/** Who the server says it is, in `version`. */
export interface ServerIdentity {
  /** @default 'MI for Node.js' */
  readonly name?: string | undefined
  /** @default the version of @mi/core */
  readonly version?: string | undefined
  /** Source revision, shown by `version` when it is asked for with a parameter. */
  readonly revision?: string | undefined
  /** What `ps` calls this process. @default 'MI server' */
  readonly processType?: string | undefined
}

export interface MiOptions {
  /** Registered in this order, after the engine's own `core` and `statistics`. */
  readonly modules?: readonly MiModule[] | undefined
  /** What the engine listens on. @default none: only `dispatch` */
  readonly transports?: readonly ServerTransport[] | undefined
  /** Decides which peer may run which command, on every way in. @default everyone may run everything */
  readonly access?: AccessCheck | undefined
  /** Wrapped around the handlers of all commands, the first one outermost. @default none */
  readonly interceptors?: readonly Interceptor[] | undefined
  /** Where the engine logs, a pino logger for instance. @default silence */
  readonly log?: MiLogger | undefined
  readonly limits?: MiLimits | undefined
  readonly server?: ServerIdentity | undefined
  /** Whether the command `kill` may close this engine; otherwise it answers 403. @default false */
  readonly allowKill?: boolean | undefined
  /** Called when `kill` has closed the engine; a program that should end then calls `process.exit` here. */
  readonly onKill?: (() => void) | undefined
  /** Called when `log_level` sets a level (-3 alert to 4 debug). A `log.level` as pino has it is set too. */
  readonly onLogLevel?: ((level: number) => void) | undefined
  /**
   * Whether `which` lists the aliases of a command too, after its name: for clients that take only listed names, such as
   * opensips-cli with names of 3.x. @default false
   */
  readonly listAliases?: boolean | undefined
  /** Whether results are checked against their contracts, as they should be in development. @default NODE_ENV is not 'production' */
  readonly checkResults?: boolean | undefined
  /** Connects the engine to other processes that serve MI with it: `cluster()` of @mi/processes. @default one process */
  readonly processes?: ProcessRole | undefined
}

type Resolved<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** The limits with every default filled in. */
export type ResolvedLimits = Resolved<Omit<MiLimits, 'perPeer'>> & { readonly perPeer: Resolved<PeerLimits> }

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly modules: readonly MiModule[]
  readonly transports: readonly ServerTransport[]
  readonly access: AccessCheck | undefined
  readonly interceptors: readonly Interceptor[]
  readonly log: MiLogger
  readonly limits: ResolvedLimits
  readonly server: ServerIdentity
  readonly allowKill: boolean
  readonly onKill: () => void
  readonly onLogLevel: (level: number) => void
  readonly listAliases: boolean
  readonly checkResults: boolean
  readonly processes: ProcessRole | undefined
}

/** The options that engines in other processes share with this one: plain data. */
export interface SharedOptions
  extends Pick<ResolvedOptions, 'server' | 'limits' | 'listAliases' | 'checkResults' | 'allowKill'> {
  /** What this engine has that is not plain data, so that an engine in another process must get it from elsewhere. */
  readonly needs: { readonly access: boolean; readonly interceptors: boolean }
}

/** What an engine in a child process takes over from the main one. */
export interface Heritage {
  /** When the server began, which `uptime` shows. */
  readonly startedAt: Date
  /** The arguments that the server was started with, which `arg` shows. */
  readonly args: readonly string[]
  /** Statistics group of the transport. */
  readonly transportGroup: string
}

/** The part that an engine plays among the processes that serve MI together. One object may serve several engines. */
export interface ProcessRole {
  /** What the main process has given to this one; undefined in the main process. */
  readonly inherited: Heritage | undefined
  /** Called once for each engine, when it is created. */
  connect(own: OwnProcess, options: SharedOptions): Processes
}

const nothing = (): void => {}

const checks = new OptionChecks('createMi()')
const limitChecks = new OptionChecks('createMi(): limits')
const peerLimitChecks = new OptionChecks('createMi(): limits.perPeer')

export const OPTION_NAMES: OptionNames<MiOptions> = {
  modules: true,
  transports: true,
  access: true,
  interceptors: true,
  log: true,
  limits: true,
  server: true,
  allowKill: true,
  onKill: true,
  onLogLevel: true,
  listAliases: true,
  checkResults: true,
  processes: true,
}
export const SERVER_NAMES: OptionNames<ServerIdentity> = {
  name: true,
  version: true,
  revision: true,
  processType: true,
}
export const LIMIT_NAMES: OptionNames<MiLimits> = {
  commandTimeoutMs: true,
  closeTimeoutMs: true,
  maxInFlight: true,
  perPeer: true,
  maxBatchRequests: true,
  maxReplyBytes: true,
  maxEventListeners: true,
  childStartTimeoutMs: true,
}
export const PEER_LIMIT_NAMES: OptionNames<PeerLimits> = { inFlight: true }

const defaultLimits: Omit<ResolvedLimits, 'perPeer'> = {
  commandTimeoutMs: 30_000,
  closeTimeoutMs: 5_000,
  maxInFlight: 10_000,
  maxBatchRequests: 1_000,
  maxReplyBytes: 67_108_864,
  maxEventListeners: 1_000,
  childStartTimeoutMs: 60_000,
}

/**
 * @throws TypeError for an unknown option, a module that `implement` did not make, what is not a transport or logger, or a transport given twice
 * @throws RangeError for a limit that is out of its range
 */
export function resolveOptions(options: MiOptions): ResolvedOptions {
  const { modules = [], transports = [], access, interceptors = [] } = checks.known(options, OPTION_NAMES)
  for (const each of [...interceptors, ...(access === undefined ? [] : [access])]) assertFunction(each)
  for (const module of modules) assertModule(module)
  for (const transport of transports) assertTransport(transport)
  if (new Set(transports).size !== transports.length) throw new TypeError('createMi(): a transport is given twice')
  return {
    modules,
    transports,
    access,
    interceptors: [...interceptors],
    log: loggerOf(options.log ?? silence),
    limits: resolveLimits(options.limits ?? {}),
    server: serverOf(options.server ?? {}),
    allowKill: checks.flag('allowKill', options.allowKill ?? false),
    onKill: called('onKill', options.onKill ?? nothing),
    onLogLevel: called('onLogLevel', options.onLogLevel ?? nothing),
    listAliases: checks.flag('listAliases', options.listAliases ?? false),
    checkResults: checks.flag('checkResults', options.checkResults ?? process.env.NODE_ENV !== 'production'),
    processes: processRole(options.processes),
  }
}

/** @throws TypeError for what would only fail in the middle of a request */
function assertFunction(value: unknown): void {
  if (typeof value !== 'function') throw new TypeError('createMi(): access and each of interceptors must be a function')
}

/** @throws TypeError when the value was not made by `implement` */
export function assertModule(module: MiModule): void {
  if (!isMiModule(module)) {
    throw new TypeError(
      'a module must be what implement(contract, handlers) of @mi/contract returns, not a bare contract',
    )
  }
}

/** @throws TypeError for what would only fail when the engine begins to listen */
function assertTransport(transport: Partial<ServerTransport> | null | undefined): void {
  const { listen, close, settings } = transport ?? {}
  if (typeof listen === 'function' && typeof close === 'function' && typeof settings === 'object') return
  throw new TypeError(
    'createMi(): a transport must be what a factory such as fifo() of @mi/fifo returns, with listen, close and settings',
  )
}

/** @throws TypeError for a logger whose lines would all be lost */
function loggerOf(log: MiLogger): MiLogger {
  const missing = (['debug', 'info', 'warn', 'error'] as const).filter((level) => typeof log[level] !== 'function')
  if (missing.length === 0) return log
  throw new TypeError(`createMi(): log must have the methods of pino; ${missing.join(', ')} missing`)
}

/** @throws TypeError for what is not a role, such as the function `cluster` itself */
function processRole(role: ProcessRole | undefined): ProcessRole | undefined {
  if (role === undefined || typeof role?.connect === 'function') return role
  throw new TypeError('createMi(): processes must be what cluster() of @mi/processes returns')
}

/** @throws TypeError for what cannot be called */
function called<F>(name: string, value: F): F {
  if (typeof value === 'function') return value
  throw new TypeError(`createMi(): ${name} must be a function`)
}

/** @throws TypeError for an unknown name, or what is not a string */
function serverOf(server: ServerIdentity): ServerIdentity {
  for (const [name, value] of Object.entries(checks.known(server, SERVER_NAMES))) {
    if (value !== undefined) checks.text(`server.${name}`, value)
  }
  return server
}

function resolveLimits(limits: MiLimits): ResolvedLimits {
  const { perPeer = {}, ...engine } = limitChecks.known(limits, LIMIT_NAMES)
  const given = { ...defaultLimits, ...defined(engine) }
  const maxInFlight = checks.limit('limits.maxInFlight', given.maxInFlight, 1)
  const { inFlight = Math.ceil(maxInFlight / 10) } = peerLimitChecks.known(perPeer, PEER_LIMIT_NAMES)
  return {
    commandTimeoutMs: checks.timerMs('limits.commandTimeoutMs', given.commandTimeoutMs, 0),
    closeTimeoutMs: checks.timerMs('limits.closeTimeoutMs', given.closeTimeoutMs, 0),
    maxInFlight,
    perPeer: { inFlight: checks.limit('limits.perPeer.inFlight', inFlight, 1) },
    maxBatchRequests: checks.limit('limits.maxBatchRequests', given.maxBatchRequests, 1),
    maxReplyBytes: checks.limit('limits.maxReplyBytes', given.maxReplyBytes, 512),
    maxEventListeners: checks.limit('limits.maxEventListeners', given.maxEventListeners, 0),
    childStartTimeoutMs: checks.timerMs('limits.childStartTimeoutMs', given.childStartTimeoutMs, 0),
  }
}

/** Without what is undefined, which means the default. */
function defined(limits: Omit<MiLimits, 'perPeer'>): Partial<typeof defaultLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
}
