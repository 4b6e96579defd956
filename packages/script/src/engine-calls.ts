import { type Caller, ErrorCode, type ExecuteOptions, type JsonRpcError, type MiHost, type Outcome } from '@mi/contract'
import { prettyPrint } from '@mi/internal/pretty-print'
import type { ScriptOptions } from './options.js'
import {
  badParams,
  type CallFailure,
  type CallResult,
  noResponse,
  noSuchCommand,
  refused,
  type ScriptRequest,
} from './script-call.js'

/** A result that would be longer when it is indented stays on one line. In UTF-16 units. */
const LONGEST_TEXT = 67_108_864

/** Name of the transport, of the statistics group, and in traces. */
const NAME = 'script'

/** Runs the calls of one script on an engine of this thread. */
export class EngineCalls {
  private readonly traced: Caller
  private readonly asynchronous: Caller
  private readonly untraced: Caller
  private readonly options: ExecuteOptions
  private readonly pretty: boolean
  /** The last result that cannot change, and its text: commands such as `version` return the same object each time. */
  private constant: unknown
  private constantText = ''

  /** @throws TypeError, MiError as `MiHost.attach` does */
  constructor(host: MiHost, options: ScriptOptions) {
    const { prettyPrinting = false, tracer, traceBwlist, traceAsync = false, source, destination } = options
    this.pretty = prettyPrinting
    this.options = { peer: { transport: NAME, source, destination } }
    // The list is checked even when nothing is traced: a wrong one is a mistake in any case.
    this.untraced = host.attach(NAME, { traceBwlist })
    this.traced = tracer === undefined ? this.untraced : host.attach(NAME, { traceBwlist, tracer })
    this.asynchronous = traceAsync ? this.traced : this.untraced
  }

  /** Runs a call whose caller needs the result now. */
  now(request: ScriptRequest): CallResult {
    const known = this.traced.find(request.method)
    if (known === undefined || request.problem !== undefined) return this.refuse(request)
    if (known.async) return this.answersLater(known.method, 'answers later and was not run')
    const outcome = this.execute(this.traced, request, undefined)
    if (outcome instanceof Promise) return this.answersLater(known.method, 'has run, but answers later')
    return this.result(request, outcome)
  }

  /**
   * Runs a call whose caller can wait.
   * @param blocking whether the script is blocked meanwhile: such a call counts as a synchronous one
   * @param signal fires when the caller gives up
   */
  later(request: ScriptRequest, blocking: boolean, signal: AbortSignal | undefined): CallResult | Promise<CallResult> {
    const caller = blocking ? this.traced : this.asynchronous
    if (request.problem !== undefined || caller.find(request.method) === undefined) return this.refuse(request)
    const outcome = this.execute(caller, request, signal)
    return outcome instanceof Promise
      ? outcome.then((settled) => this.result(request, settled))
      : this.result(request, outcome)
  }

  /** Counts and logs a call whose caller gave up. */
  drop(reason: 'aborted' | 'timed_out', { method }: ScriptRequest): void {
    this.untraced.drop(reason, { command: method })
  }

  private execute(
    caller: Caller,
    { method, params, warning }: ScriptRequest,
    signal: AbortSignal | undefined,
  ): Outcome | Promise<Outcome> {
    if (warning !== undefined) caller.log.warn({ transport: NAME, command: method }, `mi(): ${warning}`)
    return caller.execute(method, params, signal === undefined ? this.options : { ...this.options, signal })
  }

  private result(request: ScriptRequest, { value, error }: Outcome): CallResult {
    if (error !== undefined) return this.failure(request, error)
    if (!request.typed) return { rc: 1, text: this.textOf(value), value: undefined }
    // The value may be the module's own object, which neither side may change for the other.
    return { rc: 1, text: undefined, value: JSON.parse(JSON.stringify(value)) }
  }

  private failure({ method }: ScriptRequest, error: JsonRpcError): CallFailure {
    const { code, message, data } = error
    if (code === ErrorCode.InvalidParams) {
      this.untraced.log.debug({ transport: NAME, command: method, data }, `mi(): ${message}`)
    }
    return refused(error)
  }

  private textOf(value: unknown): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    if (value === this.constant) return this.constantText
    const json = JSON.stringify(value)
    const text = this.pretty ? (prettyPrint(json, LONGEST_TEXT) ?? json) : json
    if (isConstant(value)) {
      this.constant = value
      this.constantText = text
    }
    return text
  }

  /** An unknown command is found first, before wrong parameters, and is never traced, as in OpenSIPS; the engine counts it. */
  private refuse({ method, problem }: ScriptRequest): CallFailure {
    if (this.untraced.find(method) !== undefined) {
      const result = badParams(problem ?? '')
      this.untraced.log.error({ transport: NAME, command: method, problem }, result.error.message)
      return result
    }
    const outcome = this.untraced.execute(method, undefined, this.options)
    // A name that several commands share has an error of its own. Nothing runs, so there is no promise.
    if (outcome instanceof Promise || outcome.error === undefined) return noSuchCommand
    return outcome.error.code === ErrorCode.MethodNotFound ? noSuchCommand : refused(outcome.error)
  }

  private answersLater(command: string, what: string): CallFailure {
    this.untraced.drop('answers_later', { command })
    return noResponse(
      'MI_UNSUPPORTED',
      `command ${command} ${what}: call it with script.async.mi(), or run the engine in a worker thread with createBlockingScript()`,
    )
  }
}

/** Whether an object prints the same each time: it is frozen, and all its members are plain values. */
function isConstant(value: object): boolean {
  return (
    Object.isFrozen(value) &&
    Object.values(Object.getOwnPropertyDescriptors(value)).every(
      ({ get, value: member }) => get === undefined && (typeof member !== 'object' || member === null),
    )
  )
}
