import {
  type AccessCheck,
  type CommandContext,
  CommandError,
  ErrorCode,
  isCommandError,
  type JsonRpcError,
  type JsonRpcParams,
  MiError,
  type MiLogger,
  type MiPeer,
} from '@mi/contract'
import { accessError, COMMAND_FAILED, mayRun } from './access.js'
import { commandChannels, published } from './channels.js'
import { Counter, type Counters } from './counters.js'
import { ABORTED, CLOSED, type InFlight, type Running, type Settlement } from './in-flight.js'
import { jsonText } from './json-value.js'
import type { Params } from './recipes.js'
import { AmbiguousName, type Command, type Registry, type Resolution } from './registry.js'

/** What all transports and callers of an engine share. */
export interface EngineState {
  readonly registry: Registry
  readonly log: MiLogger
  readonly limits: {
    readonly commandTimeoutMs: number
    readonly maxBatchRequests: number
    readonly maxReplyBytes: number
    readonly maxEventListeners: number
  }
  /** Undefined: everyone may run everything. */
  readonly access: AccessCheck | undefined
  readonly inFlight: InFlight
  closed: boolean
}

/** How a request is to be answered. `T` is what a result becomes on its way out: JSON text, or a value. */
export interface Wanted<T> {
  /** False for a notification: its result goes nowhere. */
  readonly answered: boolean
  /** Length of the result's JSON text at most. */
  readonly maxBytes: number
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal | undefined
  readonly onProvisional: ((result: T) => void) | undefined
}

/** How a request ended. One shape for both, which runs faster. */
export type Ended<T> =
  | { readonly value: T; readonly error: undefined }
  | { readonly value: undefined; readonly error: JsonRpcError }

/** Runs the commands of one transport or caller: access, recipe, handler, result. */
export class Execution<T> {
  /** @param format makes of a result what the caller gets; it throws for what it cannot carry */
  constructor(
    private readonly engine: EngineState,
    private readonly transport: string,
    private readonly counters: Counters,
    private readonly format: (command: Command, result: unknown, maxBytes: number) => T,
  ) {}

  /**
   * @param command what `method`, the name as it was sent, means
   * @returns a promise only when the command answers later. It never rejects, and nothing is thrown.
   */
  run(
    command: Resolution,
    method: string,
    params: JsonRpcParams | undefined,
    peer: MiPeer,
    wanted: Wanted<T>,
  ): Ended<T> | Promise<Ended<T>> {
    // Looked at here, since every request comes by.
    const { start, end, error } = commandChannels
    if (!(start.hasSubscribers || end.hasSubscribers || error.hasSubscribers)) {
      return this.execute(command, params, peer, wanted)
    }
    const name = command instanceof CommandError ? method : command.contract.method
    return published({ command: name, params, transport: this.transport, peer }, () =>
      this.execute(command, params, peer, wanted),
    )
  }

  private execute(
    command: Resolution,
    params: JsonRpcParams | undefined,
    peer: MiPeer,
    wanted: Wanted<T>,
  ): Ended<T> | Promise<Ended<T>> {
    const { engine } = this
    if (command instanceof CommandError) return this.unresolved(command, peer, params, wanted.maxBytes)
    if (engine.access !== undefined) {
      const refusal = this.refusal(engine.access, command, peer, params, wanted.maxBytes)
      if (refusal !== undefined) return refusal
    }
    let matched: Params | undefined
    try {
      const match = command.recipes.match(params)
      if (match.params === undefined) return this.mismatched(match.problem)
      matched = match.params
    } catch (error) {
      // Values nested some ten thousand levels deep overflow the stack of a schema that refers to itself.
      return this.failure(command, error, 'thrown', wanted.maxBytes)
    }
    if (engine.closed || wanted.signal?.aborted) return this.unavailable()
    if (command.answersLater) {
      const refusal = engine.inFlight.refusal(peer)
      if (refusal !== undefined) return this.refuse(Counter.command_failures, refusal)
    }
    const call = new Call(command, peer, engine.log, wanted.signal, this.provisional(command, wanted))
    let result: unknown
    try {
      result = command.handler(matched, call)
      // Looking for a promise runs code of the command too, where `then` is a getter.
      if (isPromise(result)) return this.later(command, call, result, wanted)
    } catch (error) {
      call.end()
      return this.failure(command, error, 'thrown', wanted.maxBytes)
    }
    call.end()
    return this.success(command, result, wanted)
  }

  // Apart from `execute`, which is the faster the smaller it is.

  private unresolved(error: CommandError, peer: MiPeer, params: JsonRpcParams | undefined, maxBytes: number): Ended<T> {
    if (!(error instanceof AmbiguousName)) return this.refuse(Counter.method_not_found, error)
    const { access } = this.engine
    if (access === undefined) return this.refuse(Counter.method_ambiguous, error)
    const allowed = error.commands.filter(({ contract }) => mayRun(access, contract, peer, params))
    if (allowed.length > 0) return this.refuse(Counter.method_ambiguous, new AmbiguousName(allowed))
    const none = error.commands.slice(0, 1)
    const [refusal] = none.map((command) => this.refusal(access, command, peer, params, maxBytes))
    return refusal ?? this.refuse(Counter.method_ambiguous, new AmbiguousName(none))
  }

  private refusal(
    access: AccessCheck,
    command: Command,
    peer: MiPeer,
    params: JsonRpcParams | undefined,
    maxBytes: number,
  ): Ended<T> | undefined {
    const { log } = this.engine
    const fields = { transport: this.transport, command: command.contract.method }
    const error = accessError(access, command.contract, peer, params, (err) => {
      log.error({ ...fields, err }, 'the access check failed; the command was not run')
    })
    if (error === undefined) return undefined
    if (error === COMMAND_FAILED) return this.refuse(Counter.command_failures, error)
    try {
      return this.refuse(Counter.forbidden, plainError(error, maxBytes))
    } catch (err) {
      log.error({ ...fields, err }, 'the access check gave an error that JSON cannot carry; the command was not run')
      return this.refuse(Counter.command_failures, COMMAND_FAILED)
    }
  }

  private mismatched(data: string): Ended<T> {
    return this.refuse(Counter.invalid_params, { code: ErrorCode.InvalidParams, message: 'Invalid params', data })
  }

  private unavailable(): Ended<T> {
    if (this.engine.closed) return this.refuse(Counter.command_failures, CLOSED)
    return this.refuse(Counter.command_aborts, ABORTED)
  }

  private async later(
    command: Command,
    call: Call,
    promise: PromiseLike<unknown>,
    wanted: Wanted<T>,
  ): Promise<Ended<T>> {
    const { engine, counters } = this
    command.answersLater = true
    const promised = engine.inFlight.begin(call, wanted.signal)
    counters.begin()
    // The handler itself may have closed the engine.
    if (engine.closed) call.abort(new MiError('MI_CLOSED', 'the server closes'))
    const settled = await promised.settle(promise, command.contract.timeoutMs ?? engine.limits.commandTimeoutMs)
    engine.inFlight.end(promised)
    counters.end()
    if ('reason' in settled) return this.failure(command, settled.reason, settled.kind, wanted.maxBytes)
    return this.success(command, settled.result, wanted)
  }

  private success(command: Command, result: unknown, wanted: Wanted<T>): Ended<T> {
    try {
      if (wanted.answered) return { value: this.format(command, result, wanted.maxBytes), error: undefined }
      command.checked(result)
      return NOT_ANSWERED
    } catch (error) {
      return this.failure(command, error, 'thrown', wanted.maxBytes)
    }
  }

  /** Results that go ahead of the final one. Nothing is sent ahead of the reply to a notification, which has none. */
  private provisional(command: Command, { answered, maxBytes, onProvisional }: Wanted<T>) {
    if (!answered || onProvisional === undefined) return undefined
    return (result: unknown) => onProvisional(this.format(command, result, maxBytes))
  }

  private failure(command: Command, thrown: unknown, kind: Settlement, maxBytes: number): Ended<T> {
    const fields = { transport: this.transport, command: command.contract.method, err: thrown }
    const { log } = this.engine
    let error: JsonRpcError | undefined
    try {
      error = isCommandError(thrown) ? plainError(thrown, maxBytes) : undefined
      if (error === undefined) log.error(fields, 'command failed')
    } catch (cause) {
      // Looking at what was thrown may throw, as with a revoked proxy; or the error's data is no JSON (a cycle, a bigint).
      log.error({ ...fields, cause }, 'command failed with an error that JSON cannot carry')
    }
    if (error === undefined) return this.refuse(Counter.command_failures, COMMAND_FAILED)
    if (kind === 'thrown') log.debug(fields, 'command answered an error')
    else log.warn(fields, 'command did not answer in time')
    return this.refuse(countersByKind[kind], error)
  }

  private refuse(counter: Counter, error: JsonRpcError): Ended<T> {
    this.counters.count(counter)
    return { value: undefined, error }
  }
}

/** Never looked at: a notification is not answered. The type of its value does not matter, then. */
const NOT_ANSWERED = { value: undefined, error: undefined } as { readonly value: never; readonly error: undefined }

const countersByKind = {
  thrown: Counter.command_errors,
  timeout: Counter.command_timeouts,
  closed: Counter.command_errors,
  aborted: Counter.command_aborts,
} as const satisfies Record<Settlement, Counter>

/** One run of a command: the context of its handler. */
export class Call implements CommandContext, Running {
  private controller: AbortController | undefined
  private abortReason: unknown
  private aborted = false
  private ended = false

  /**
   * @param given the signal of the transport or caller, if it has one
   * @param send takes results that go ahead of the final one; undefined when nobody wants them
   */
  constructor(
    private readonly entry: Command,
    readonly peer: MiPeer,
    readonly log: MiLogger,
    private readonly given: AbortSignal | undefined,
    private readonly send: ((result: unknown) => void) | undefined,
  ) {}

  get command(): string {
    return this.entry.contract.method
  }

  get transport(): string {
    return this.peer.transport
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController()
      if (this.aborted) this.controller.abort(this.abortReason)
      else if (this.given?.aborted) this.controller.abort(this.given.reason)
    }
    return this.controller.signal
  }

  /** Made when it is asked for, so that it works detached and costs other commands nothing. */
  get provisional(): (result: unknown) => void {
    return (result) => {
      if (!this.ended) this.send?.(result)
    }
  }

  end(): void {
    this.ended = true
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.abortReason = reason
    this.controller?.abort(reason)
  }

  /** Whether a handler failed with what its signal fired for, as `fetch` and the timers of Node.js do. */
  isOwnAbort(error: unknown): boolean {
    if (!this.aborted) return false
    if (error === this.abortReason) return true
    try {
      return error instanceof Error && error.cause === this.abortReason
    } catch {
      // Looking at what was thrown may throw, as with a revoked proxy: that is not our reason.
      return false
    }
  }
}

/** What the peer gets of an error. @throws as `jsonText` for its data */
function plainError({ code, reason, message: ownMessage, data }: CommandError, maxBytes: number): JsonRpcError {
  // The message of an error that a client received names the command too. An older @mi/contract knows no `reason`.
  const message = reason ?? ownMessage
  // Always a copy: the handler's own object may change, or throw when it is read again.
  return data === undefined ? { code, message } : { code, message, data: JSON.parse(jsonText(data, maxBytes)) }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof thenOf(value) === 'function'
}

/** Any object may be asked for any property. Asking is cheaper than the operator `in`, which is on every request's way. */
function thenOf(value: object): unknown {
  return (value as { readonly then?: unknown }).then
}
