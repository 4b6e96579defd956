import { CommandError, ErrorCode, isCommandError, type JsonRpcError, type MiPeer } from '@mi/contract'
import { Call, closed, type Outcome } from './call.js'
import type { Engine } from './engine.js'
import { prettyPrint } from './pretty-print.js'
import type { Command } from './registry.js'
import { errorText, successText } from './reply.js'
import type { Counter, Traffic } from './traffic.js'

type Reply = string | null
type OnProvisional = ((text: string) => void) | undefined
type Params = readonly unknown[] | Readonly<Record<string, unknown>> | undefined

const COMMAND_FAILED = new CommandError(ErrorCode.ServerError, undefined, 'Command failed')

/** Runs the commands that the requests of one transport name: resolve, match a recipe, run, print the answer. */
export class Runner {
  constructor(
    private readonly engine: Engine,
    private readonly transport: string,
    private readonly traffic: Traffic,
    private readonly pretty: boolean,
  ) {}

  /** @param id text of the id; undefined for a notification, which runs and is never answered */
  run(
    method: string,
    params: Params,
    id: string | undefined,
    peer: MiPeer,
    onProvisional: OnProvisional,
  ): Reply | Promise<Reply> {
    const { engine } = this
    if (engine.closed) return this.refuse('command_failures', closed, id)
    const command = engine.registry.resolve(method)
    if (isCommandError(command)) {
      const ambiguous = command.code === ErrorCode.MethodAmbiguous
      return this.refuse(ambiguous ? 'method_ambiguous' : 'method_not_found', command, id)
    }
    const match = command.recipes.match(params)
    if ('problem' in match) {
      const { problem } = match
      return this.refuse(
        'invalid_params',
        { code: ErrorCode.InvalidParams, message: 'Invalid params', data: problem },
        id,
      )
    }
    if (engine.inFlight.size >= engine.limits.maxInFlight) {
      const data = `Too many commands in flight (limit ${engine.limits.maxInFlight})`
      return this.refuse('command_failures', new CommandError(ErrorCode.ServerError, undefined, data), id)
    }
    const sink =
      id === undefined || onProvisional === undefined
        ? undefined
        : (provisional: unknown) => onProvisional(this.provisionalText(command, provisional, id))
    const call = new Call(command, peer, engine.log, sink)
    let result: unknown
    try {
      result = command.handler(match.params, call)
    } catch (error) {
      return this.failure(command, { error, kind: 'thrown' }, id)
    }
    return isPromise(result) ? this.later(command, call, result, id) : this.success(command, result, id)
  }

  private async later(
    command: Command,
    call: Call,
    promise: PromiseLike<unknown>,
    id: string | undefined,
  ): Promise<Reply> {
    const { inFlight, limits } = this.engine
    inFlight.add(call)
    const outcome = await call.settle(promise, command.contract.timeoutMs ?? limits.commandTimeoutMs)
    inFlight.delete(call)
    return 'error' in outcome ? this.failure(command, outcome, id) : this.success(command, outcome.value, id)
  }

  private success(command: Command, value: unknown, id: string | undefined): Reply {
    let result: string
    try {
      result = this.resultText(command, value)
    } catch (error) {
      return this.failure(command, { error, kind: 'thrown' }, id)
    }
    return id === undefined ? null : successText(result, id)
  }

  /** A handler that returns nothing answers "OK", as OpenSIPS commands without a result do. */
  private resultText(command: Command, value: unknown): string {
    const result = value === undefined ? 'OK' : value
    const problem = command.checkResult?.(result)
    if (problem !== undefined)
      throw new TypeError(`the result breaks the contract of ${command.contract.method}: ${problem}`)
    return JSON.stringify(result) ?? 'null'
  }

  private provisionalText(command: Command, result: unknown, id: string): string {
    const text = successText(this.resultText(command, result), id)
    return this.pretty ? prettyPrint(text) : text
  }

  private failure(command: Command, outcome: Exclude<Outcome, { value: unknown }>, id: string | undefined): Reply {
    const { error, kind } = outcome
    const known = isCommandError(error)
    const fields = { transport: this.transport, command: command.contract.method, err: error }
    if (!known) this.engine.log.error(fields, 'command failed')
    else if (kind !== 'thrown') this.engine.log.warn(fields, 'command did not answer in time')
    else this.engine.log.debug(fields, 'command answered an error')
    const counter = kind === 'timeout' ? 'command_timeouts' : known ? 'command_errors' : 'command_failures'
    try {
      return this.refuse(counter, known ? error : COMMAND_FAILED, id)
    } catch (cause) {
      // The error's data is no JSON (a cycle, a bigint): the peer still gets an answer.
      this.engine.log.error({ ...fields, err: cause }, 'command answered an error that JSON cannot carry')
      return this.refuse('command_failures', COMMAND_FAILED, id)
    }
  }

  private refuse(counter: Counter, error: JsonRpcError, id: string | undefined): Reply {
    this.traffic.count(counter)
    return id === undefined ? null : errorText(error, id)
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
