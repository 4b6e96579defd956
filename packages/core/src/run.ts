import { CommandError, ErrorCode, isCommandError, type JsonRpcError, type MiPeer } from '@mi/contract'
import { prettyPrint } from '@mi/internal/pretty-print'
import { Call, closed, type Outcome, type ProvisionalSender } from './call.js'
import type { Engine, OnProvisional, Reply, ValidRequest } from './engine.js'
import type { Command, Resolution } from './registry.js'
import { errorText, successHead, successText } from './reply.js'
import { isConstant, resultText } from './result-text.js'
import { Counter, type Traffic } from './traffic.js'

const COMMAND_FAILED = new CommandError(ErrorCode.ServerError, undefined, 'Command failed')

/** Runs the commands that the requests of one transport name: resolve, match a recipe, run, print the answer. */
export class Runner implements ProvisionalSender {
  constructor(
    private readonly engine: Engine,
    private readonly transport: string,
    private readonly traffic: Traffic,
    private readonly pretty: boolean,
  ) {}

  run(
    command: Resolution,
    { params, id }: ValidRequest,
    peer: MiPeer,
    onProvisional: OnProvisional,
  ): Reply | Promise<Reply> {
    const { engine } = this
    if (command instanceof CommandError) return this.unresolved(command, id)
    const { params: matched, problem } = command.recipes.match(params)
    if (matched === undefined) return this.mismatched(problem, id)
    if (engine.closed || engine.inFlightCount >= engine.limits.maxInFlight) return this.unavailable(id)
    const call = new Call(command, peer, engine.log, id, onProvisional, this)
    let result: unknown
    try {
      result = command.handler(matched, call)
      // Looking for a promise runs code of the command too, where `then` is a getter.
      if (isPromise(result)) return this.later(command, call, result, id)
    } catch (error) {
      call.end()
      return this.failure(command, { error, kind: 'thrown' }, id)
    }
    call.end()
    return this.success(command, result, id)
  }

  // Apart from `run`, which is the faster the smaller it is.

  private unresolved(error: CommandError, id: string | undefined): Reply {
    const ambiguous = error.code === ErrorCode.MethodAmbiguous
    return this.refuse(ambiguous ? Counter.method_ambiguous : Counter.method_not_found, error, id)
  }

  private mismatched(data: string, id: string | undefined): Reply {
    return this.refuse(Counter.invalid_params, { code: ErrorCode.InvalidParams, message: 'Invalid params', data }, id)
  }

  private unavailable(id: string | undefined): Reply {
    const { closed: isClosed, limits } = this.engine
    const data = `Too many commands in flight (limit ${limits.maxInFlight})`
    const error = isClosed ? closed : new CommandError(ErrorCode.ServerError, undefined, data)
    return this.refuse(Counter.command_failures, error, id)
  }

  private async later(
    command: Command,
    call: Call,
    promise: PromiseLike<unknown>,
    id: string | undefined,
  ): Promise<Reply> {
    const { engine } = this
    engine.inFlight.add(call)
    engine.inFlightCount++
    this.traffic.begin()
    const outcome = await call.settle(promise, command.contract.timeoutMs ?? engine.limits.commandTimeoutMs)
    engine.inFlight.delete(call)
    engine.inFlightCount--
    this.traffic.end()
    return 'error' in outcome ? this.failure(command, outcome, id) : this.success(command, outcome.value, id)
  }

  private success(command: Command, value: unknown, id: string | undefined): Reply {
    const { constant } = command
    if (constant !== undefined && constant.result === value) return id === undefined ? null : `${constant.head}${id}}`
    return this.printed(command, value, id)
  }

  private printed(command: Command, value: unknown, id: string | undefined): Reply {
    let result: string
    try {
      result = this.checkedText(command, value)
    } catch (error) {
      return this.failure(command, { error, kind: 'thrown' }, id)
    }
    if (isConstant(value)) command.constant = { result: value, head: successHead(result) }
    return id === undefined ? null : successText(result, id)
  }

  /** A handler that returns nothing answers "OK", as OpenSIPS commands without a result do. */
  private checkedText(command: Command, value: unknown): string {
    const result = value === undefined ? 'OK' : value
    const problem = command.checkResult?.(result)
    if (problem !== undefined) {
      throw new TypeError(`the result breaks the contract of ${command.contract.method}: ${problem}`)
    }
    return resultText(result)
  }

  /** Nothing is sent ahead of the answer to a notification, which has none. */
  sendProvisional({ entry, peer, id, onProvisional }: Call, result: unknown): void {
    if (id === undefined || onProvisional === undefined) return
    const text = successText(this.checkedText(entry, result), id)
    onProvisional(this.pretty ? prettyPrint(text) : text, peer)
  }

  private failure(command: Command, outcome: Exclude<Outcome, { value: unknown }>, id: string | undefined): Reply {
    const { error, kind } = outcome
    const known = isReadableCommandError(error)
    const fields = { transport: this.transport, command: command.contract.method, err: error }
    if (!known) this.engine.log.error(fields, 'command failed')
    else if (kind !== 'thrown') this.engine.log.warn(fields, 'command did not answer in time')
    else this.engine.log.debug(fields, 'command answered an error')
    const counter =
      kind === 'timeout' ? Counter.command_timeouts : known ? Counter.command_errors : Counter.command_failures
    try {
      return this.refuse(counter, known ? error : COMMAND_FAILED, id)
    } catch (cause) {
      // The error's data is no JSON (a cycle, a bigint): the peer still gets an answer.
      this.engine.log.error({ ...fields, err: cause }, 'command answered an error that JSON cannot carry')
      return this.refuse(Counter.command_failures, COMMAND_FAILED, id)
    }
  }

  private refuse(counter: Counter, error: JsonRpcError, id: string | undefined): Reply {
    // First, for it may throw: what comes instead is counted in its place.
    const text = id === undefined ? null : errorText(error, id)
    this.traffic.count(counter)
    return text
  }
}

/** What a command throws may throw in its turn when it is looked at, as a revoked proxy does; it is no `CommandError` then. */
function isReadableCommandError(error: unknown): error is CommandError {
  try {
    return isCommandError(error)
  } catch {
    return false
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof thenOf(value) === 'function'
}

/** Any object may be asked for any property. Asking is cheaper than the operator `in`, which is on every request's way. */
function thenOf(value: object): unknown {
  return (value as { readonly then?: unknown }).then
}
