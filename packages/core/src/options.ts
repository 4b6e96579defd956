import {
  type AccessCheck,
  type Interceptor,
  isMiModule,
  type MiLogger,
  type MiModule,
  type ServerTransport,
} from '@mi/contract'
import type { OwnProcess, Processes } from './processes.js'

/** Bounds of the engine. */
export interface MiLimits {
  /** How long a command may take, in milliseconds; 0 is for ever. A contract's `timeoutMs` goes first. @default 30000 */
  readonly commandTimeoutMs?: number | undefined
  /** How long `close` waits for commands in flight before it answers for them, in milliseconds. @default 5000 */
  readonly closeTimeoutMs?: number | undefined
  /** Commands that have not answered yet, at most; more are answered -32000 at once. @default 10000 */
  readonly maxInFlight?: number | undefined
  /** Requests in one JSON-RPC batch, at most; a longer batch is answered -32600. @default 1000 */
  readonly maxBatchRequests?: number | undefined
  /** How long a child process may take to listen before it is ended, in milliseconds; 0 is for ever. @default 60000 */
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
  /** Where the engine logs, a pino logger for instance. @default silence */
  readonly log?: MiLogger | undefined
  readonly limits?: MiLimits | undefined
  readonly server?: ServerIdentity | undefined
  /** Whether the command `kill` may close this engine; otherwise it answers 403. @default false */
  readonly allowKill?: boolean | undefined
  /** Called when `kill` has closed the engine; a program that should end then calls `process.exit` here. */
  readonly onKill?: (() => void) | undefined
  /** Called when `log_level` sets a level (-3 alert to 4 debug). A pino-like `log.level` is set besides. */
  readonly onLogLevel?: ((level: number) => void) | undefined
  /** Whether results are held against their contracts, as they should be in development. @default NODE_ENV is not 'production' */
  readonly checkResults?: boolean | undefined
  /** Decides who may run what. @default everyone may run everything */
  readonly access?: AccessCheck | undefined
  /** Wrap the handlers of all commands, the first one outermost. */
  readonly interceptors?: readonly Interceptor[] | undefined
  /** Connects the engine to other processes that serve MI with it: `cluster()` of @mi/processes. @default one process */
  readonly processes?: ProcessRole | undefined
}

type Resolved<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** The limits with every default filled in. */
export type ResolvedLimits = Resolved<MiLimits>

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly modules: readonly MiModule[]
  readonly transports: readonly ServerTransport[]
  readonly log: MiLogger
  readonly limits: ResolvedLimits
  readonly server: ServerIdentity
  readonly allowKill: boolean
  readonly onKill: () => void
  readonly onLogLevel: (level: number) => void
  readonly checkResults: boolean
  readonly access: AccessCheck | undefined
  readonly interceptors: readonly Interceptor[]
  readonly processes: ProcessRole | undefined
}

/** The options that engines in other processes share with this one: plain data. */
export interface SharedOptions extends Pick<ResolvedOptions, 'server' | 'limits' | 'checkResults' | 'allowKill'> {
  /** What this engine has that is no plain data, so that an engine in another process must get it from elsewhere. */
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

const silence: MiLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

const defaultLimits: ResolvedLimits = {
  commandTimeoutMs: 30_000,
  closeTimeoutMs: 5_000,
  maxInFlight: 10_000,
  maxBatchRequests: 1_000,
  childStartTimeoutMs: 60_000,
}

/**
 * @throws TypeError for a module that `implement` did not make, what is no transport or no logger, or a transport given twice
 * @throws RangeError for a limit that is no number in its range
 */
export function resolveOptions(options: MiOptions): ResolvedOptions {
  const { modules = [], transports = [] } = options
  for (const module of modules) assertModule(module)
  for (const transport of transports) assertTransport(transport)
  if (new Set(transports).size !== transports.length) throw new TypeError('createMi(): a transport is given twice')
  return {
    modules,
    transports,
    log: loggerOf(options.log ?? silence),
    limits: resolveLimits(options.limits ?? {}),
    server: options.server ?? {},
    allowKill: options.allowKill ?? false,
    onKill: options.onKill ?? nothing,
    onLogLevel: options.onLogLevel ?? nothing,
    checkResults: options.checkResults ?? process.env.NODE_ENV !== 'production',
    access: options.access,
    interceptors: options.interceptors ?? [],
    processes: processRole(options.processes),
  }
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

function resolveLimits(limits: MiLimits): ResolvedLimits {
  return {
    commandTimeoutMs: timerMs('commandTimeoutMs', limits.commandTimeoutMs ?? defaultLimits.commandTimeoutMs),
    closeTimeoutMs: timerMs('closeTimeoutMs', limits.closeTimeoutMs ?? defaultLimits.closeTimeoutMs),
    maxInFlight: atLeast(1, 'maxInFlight', limits.maxInFlight ?? defaultLimits.maxInFlight),
    maxBatchRequests: atLeast(1, 'maxBatchRequests', limits.maxBatchRequests ?? defaultLimits.maxBatchRequests),
    childStartTimeoutMs: timerMs(
      'childStartTimeoutMs',
      limits.childStartTimeoutMs ?? defaultLimits.childStartTimeoutMs,
    ),
  }
}

/** Timers take no more than 32 bits: a longer one would fire at once. */
export const LARGEST_TIMER_MS = 2 ** 31 - 1

function timerMs(name: string, value: number): number {
  return Math.min(atLeast(0, name, value), LARGEST_TIMER_MS)
}

function atLeast(low: number, name: string, value: number): number {
  if (typeof value === 'number' && value >= low) return value
  throw new RangeError(`createMi(): limits.${name} must be a number from ${low} up, not ${value}`)
}
