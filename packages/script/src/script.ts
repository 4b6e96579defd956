import type { CommandContract, CommandError, MiError, ParamsOf, ResultOf } from '@mi/contract'
import type { ScriptAvp, ScriptValue, ScriptVariable } from './variable.js'

/** Takes what a call leaves: a variable, or anything that can be set. */
export type ReturnVariable = Pick<ScriptVariable, 'set'>

/** Parameters for `mi()`: an AVP, an array, or anything else that lists values. */
export type ScriptValues = Iterable<ScriptValue>

/** Whether a command has a recipe without parameters, so that a caller may leave them out. */
type ParamsMayBeLeftOut<C extends CommandContract> = Record<never, never> extends ParamsOf<C> ? true : false

/** What follows the contract in `run(contract, ...)`: the parameters, left out where a recipe is empty. */
export type RunArguments<C extends CommandContract> =
  ParamsMayBeLeftOut<C> extends true ? [params?: ParamsOf<C>] : [params: ParamsOf<C>]

/** What follows the contract in `async.run(contract, ...)`. */
export type AsyncRunArguments<C extends CommandContract> =
  ParamsMayBeLeftOut<C> extends true
    ? [params?: ParamsOf<C>, options?: AsyncCallOptions]
    : [params: ParamsOf<C>, options?: AsyncCallOptions]

/** What an asynchronous call may be given. */
export interface AsyncCallOptions {
  /** Ends the waiting: the call rejects with `signal.reason`. The command goes on, and its answer is dropped. */
  readonly signal?: AbortSignal | undefined
}

/**
 * How a typed call ended: with a result, or with a negative code and an error. -2 and what commands answer is a
 * `CommandError`, so is -1 (-32601); -3 is a `MiError`.
 */
export type RunOutcome<Result = unknown> =
  | { readonly rc: 1; readonly result: Result; readonly error?: undefined }
  | { readonly rc: number; readonly error: CommandError | MiError; readonly result?: undefined }

/** MI commands for a host's script. It has nothing to close, and two of them share nothing but their engine. */
export interface Script {
  /** The variable of that name, made when it is first asked for; it lives as long as the script. */
  var(name: string): ScriptVariable
  /** The AVP of that name, made when it is first asked for; it lives as long as the script. */
  avp(name: string): ScriptAvp
  /**
   * Runs a command and returns when its answer is there, as mi() of mi_script:
   * - 1 success; the result's JSON is in `retVar`
   * - any other negative number: the code of the command's error, its message in `retVar` (404 gives -404, -32602 stays)
   * - -1 no such command; `retVar` stays as it is
   * - -2 the parameters could not be built: `could not parse script params!`
   * - -3 no response, for instance within the time limit; `retVar` says why
   * @param command its name, and parameters behind it, apart by blanks; there is no way to escape one
   * @param paramsAvp positional parameters in place of those in the command; with `valsAvp` the names of parameters
   * @param valsAvp the values for these names; `__array(a b c)` is the array of these words
   */
  mi(
    command: string,
    retVar?: ReturnVariable | undefined,
    paramsAvp?: ScriptValues | undefined,
    valsAvp?: ScriptValues | undefined,
  ): number
  /** Runs a command by its contract. Parameters and result are copies. The result is not checked against the contract. */
  run<C extends CommandContract>(contract: C, ...args: RunArguments<C>): RunOutcome<ResultOf<C>>
  /** The same calls for those who can wait: nothing is blocked meanwhile. */
  readonly async: AsyncScript
}

/** Asynchronous calls. They are not traced, but with the option `traceAsync`. */
export interface AsyncScript {
  /**
   * As `Script.mi`; of a command that answers later too.
   * @throws `signal.reason` when the signal fires; `retVar` stays as it is then
   */
  mi(
    command: string,
    retVar?: ReturnVariable | undefined,
    paramsAvp?: ScriptValues | undefined,
    valsAvp?: ScriptValues | undefined,
    options?: AsyncCallOptions | undefined,
  ): Promise<number>
  /** As `Script.run`. @throws `signal.reason` when the signal fires */
  run<C extends CommandContract>(contract: C, ...args: AsyncRunArguments<C>): Promise<RunOutcome<ResultOf<C>>>
}
