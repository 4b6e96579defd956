import type { ParamsOf, ResultOf } from './command.js'
import { type CompileError, type ModuleContract, type ModuleInfo, moduleInfo } from './module-contract.js'
import type { MiLogger } from './observability.js'
import type { MiPeer } from './peer.js'

/** Marks what `implement` returns, also across two installed versions of this package. */
const moduleTag: unique symbol = Symbol.for('mi.implementation')

/** What a handler knows of the call it serves. Parts that cost something are made when they are first used. */
export interface CommandContext<Result = unknown> {
  /** Canonical name, `module:command`, whatever name the caller used. */
  readonly command: string
  /** Name of the transport that brought the request: `fifo`, `datagram`, `http`, `script`. */
  readonly transport: string
  readonly peer: MiPeer
  /**
   * Fires when nobody waits for the answer any more: the engine closes (`reason` is a `MiError` MI_CLOSED), the command's time
   * is up (MI_TIMEOUT), or the peer has gone (the reason of the signal that the transport or caller gave).
   */
  readonly signal: AbortSignal
  readonly log: MiLogger
  /**
   * Sends a result ahead of the final one, for commands that answer in several steps. Does nothing for a notification. Throws
   * for a result that breaks the contract, that JSON cannot carry, or that is longer than the transport can send.
   */
  readonly provisional: (result: Result) => void
}

/** A command's code: the parameters as its recipes have them, checked; the result, or a promise of it. */
export type CommandHandler<Params = unknown, Result = unknown> = (
  params: Params,
  ctx: CommandContext<Result>,
) => Result | Promise<Result>

/** One handler for each command of a contract. Where the result is `"OK"` it may return nothing. */
export type Handlers<C extends ModuleContract> = {
  readonly [N in keyof C & string]: (
    params: ParamsOf<C[N]>,
    ctx: CommandContext<ResultOf<C[N]>>,
  ) => HandlerResult<ResultOf<C[N]>> | Promise<HandlerResult<ResultOf<C[N]>>>
}

/** Nothing at all is answered `"OK"`: right where that is the only result, a `return` forgotten where it is one of several. */
// biome-ignore lint/suspicious/noConfusingVoidType: what a function without `return` has as its type
type HandlerResult<Result> = [Result] extends ['OK'] ? Result | void : Result

/** A number that a module shows under `group:name`. A function is a gauge: it is asked each time and never reset. `help` is one line for exporters. */
export type ModuleStatistic = (() => number) | { value(): number; reset(): void; readonly help?: string | undefined }

/** What a module does besides answering. */
export interface ModuleHooks {
  /** Runs once in every process that serves MI, before its first command. Throwing fails `listen` or `register`. */
  readonly init?: ((host: { readonly log: MiLogger }) => void | Promise<void>) | undefined
  /** Runs when the engine closes, after the last command. */
  readonly close?: (() => void | Promise<void>) | undefined
  /** Statistics of the module, shown in the group of the module's name. */
  readonly statistics?: Readonly<Record<string, ModuleStatistic>> | undefined
}

/** A contract with its handlers: what `createMi({ modules })` and `register` take. */
export interface MiModule extends ModuleHooks {
  readonly [moduleTag]: true
  readonly info: ModuleInfo
  /** By command name. */
  readonly handlers: Readonly<Record<string, CommandHandler>>
}

/**
 * Joins a contract and its code.
 * @throws TypeError for a command without handler, or a handler without command
 */
export function implement<C extends ModuleContract, H extends Handlers<C>>(
  contract: C,
  // `H` rather than `Handlers<C>` keeps a handler's `return 'OK'` from widening to string.
  handlers: H & {
    readonly [N in Exclude<keyof H, keyof C>]: CompileError<`the contract has no command '${N & string}'`>
  },
  hooks: ModuleHooks = {},
): MiModule {
  const info = contract[moduleInfo]
  if (info === undefined) throw new TypeError('implement(): the contract was not made by defineModule()')
  const byName = asHandlerRecord(handlers)
  for (const { name, method } of info.commands) {
    if (!Object.hasOwn(byName, name) || typeof byName[name] !== 'function')
      throw new TypeError(`implement(): command '${method}' has no handler`)
  }
  for (const name of Object.keys(byName)) {
    if (!info.commands.some((command) => command.name === name)) {
      throw new TypeError(`implement(): module '${info.name}' declares no command '${name}'`)
    }
  }
  return { ...hooks, [moduleTag]: true, info, handlers: byName }
}

/** Whether a value is a module made by `implement` of this or another version of the package. */
export function isMiModule(value: unknown): value is MiModule {
  return typeof value === 'object' && value !== null && moduleTag in value
}

/** Sound because the engine calls a handler only with parameters that its contract has let through. */
function asHandlerRecord(handlers: object): Readonly<Record<string, CommandHandler>> {
  return handlers as Readonly<Record<string, CommandHandler>>
}
