import type { Caller, Outcome as CommandOutcome, MiHost, MiPeer } from '@mi/contract'
import type { ScriptOptions } from './options.js'
import { answered, badParams, noResponse, noSuchCommand, type Outcome } from './outcome.js'
import type { ScriptRequest } from './request.js'

/** Name of the transport, of the statistics group, and in traces. */
const NAME = 'script'

/** The engine's word for what is no command. */
const NOT_FOUND = noSuchCommand.failed.error.code

/** Runs the calls of one script by an engine of this thread. */
export class EngineCalls {
  private readonly traced: Caller
  private readonly asynchronous: Caller
  private readonly untraced: Caller
  private readonly peer: MiPeer

  /** @throws TypeError, MiError as `MiHost.attach` does */
  constructor(host: MiHost, options: ScriptOptions) {
    const { prettyPrinting, tracer, traceBwlist, traceAsync, source, destination } = options
    this.peer = { transport: NAME, source, destination }
    // The list is looked at even if nothing is traced: a wrong one is a mistake in any case.
    this.untraced = host.attach(NAME, { prettyPrinting, traceBwlist })
    this.traced = tracer === undefined ? this.untraced : host.attach(NAME, { prettyPrinting, traceBwlist, tracer })
    this.asynchronous = traceAsync ? this.traced : this.untraced
  }

  /** For a caller that must have the outcome now. */
  now(request: ScriptRequest): Outcome {
    const known = this.traced.find(request.method)
    if (known === undefined || request.problem !== undefined) return this.refuse(request)
    if (known.async) return this.lost(known.method, 'answers later and was not run')
    const answer = this.call(this.traced, request)
    return answer instanceof Promise ? this.lost(known.method, 'has run, but answers later') : answered(answer)
  }

  /**
   * For a caller that can wait.
   * @param blocking whether the script that calls is held up meanwhile: whether the call counts as a synchronous one
   */
  later(request: ScriptRequest, blocking: boolean): Outcome | Promise<Outcome> {
    const caller = blocking ? this.traced : this.asynchronous
    const known = caller.find(request.method)
    if (known === undefined || request.problem !== undefined) return this.refuse(request)
    const answer = this.call(caller, request)
    return answer instanceof Promise ? answer.then(answered) : answered(answer)
  }

  /** Nobody waits for the answer any more. */
  drop(reason: 'aborted' | 'timed_out', { method }: ScriptRequest): void {
    this.untraced.drop(reason, { command: method })
  }

  private call(caller: Caller, { method, params, warning }: ScriptRequest): CommandOutcome | Promise<CommandOutcome> {
    if (warning !== undefined) caller.log.warn({ transport: NAME, command: method }, `mi(): ${warning}`)
    return caller.execute(method, params, { peer: this.peer })
  }

  /** What is no command comes first, and is never traced, as in OpenSIPS; the engine counts it. */
  private refuse(request: ScriptRequest): Outcome {
    const { method, problem } = request
    if (this.untraced.find(method) === undefined) {
      const answer = this.untraced.execute(method, undefined, { peer: this.peer })
      // A name that several commands share is an error of its own. Nothing runs, so nothing is promised.
      if (answer instanceof Promise || answer.error?.code === NOT_FOUND) return noSuchCommand
      return answered(answer)
    }
    const outcome = badParams(problem ?? '')
    this.untraced.log.error({ transport: NAME, command: method, problem }, outcome.failed.error.message)
    return outcome
  }

  private lost(command: string, what: string): Outcome {
    this.untraced.drop('answers_later', { command })
    return noResponse(
      'MI_UNSUPPORTED',
      `command ${command} ${what}: call it with script.async.mi(), or run the engine in a worker thread with createBlockingScript()`,
    )
  }
}
