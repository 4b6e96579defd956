import type { CommandContract, CommandError, MiError, ParamsOf, ResultOf } from '@mi/contract'
import type { ScriptAvp, ScriptValue, ScriptVariable } from './variable.js'

/** Takes what a call leaves: a variable, or any object with a `set`. */
export type ReturnVariable = Pick<ScriptVariable, 'set'>

/** Parameters for `mi()`: an AVP, an array, or any other iterable of values. */
export type ScriptValues = Iterable<ScriptValue>

/** Whether a command has a recipe without parameters, so that a caller may leave them out. */
type ParamsMayBeLeftOut<C extends CommandContract> = Record<never, never> extends ParamsOf<C> ? true : false

/** Arguments of `run(contract, ...)`: the parameters, optional where a recipe is empty. */
export type RunArguments<C extends CommandContract> =
  ParamsMayBeLeftOut<C> extends true ? [params?: ParamsOf<C>] : [params: ParamsOf<C>]

/** Arguments of `async.run(contract, ...)`. */
export type AsyncRunArguments<C extends CommandContract> =
  ParamsMayBeLeftOut<C> extends true
    ? [params?: ParamsOf<C>, options?: AsyncCallOptions]
    : [params: ParamsOf<C>, options?: AsyncCallOptions]

/** Options of an asynchronous call. */
export interface AsyncCallOptions {
  /** Gives up the call, which rejects with `signal.reason`. The handler's own signal fires too; its result is dropped. */
  readonly signal?: AbortSignal | undefined
}

/**
 * How a typed call ended: with a result, or with a negative code and an error. The error is a `CommandError` for -1 (-32601),
 * for -2 and for errors of the command; it is a `MiError` for -3.
 */
export type RunOutcome<Result = unknown> =
  | { readonly rc: 1; readonly result: Result; readonly error?: undefined }
  | { readonly rc: number; readonly error: CommandError | MiError; readonly result?: undefined }

/** MI commands for a host's script. Two scripts share only their engine. All methods work when they are destructured. */
export interface Script {
  /** The variable of that name. It is created on first use and lives as long as the script. */
  var(name: string): ScriptVariable
  /** The AVP of that name. It is created on first use and lives as long as the script. */
  avp(name: string): ScriptAvp
  /**
   * Runs a command and returns after its reply, as mi() of mi_script:
   * - 1 success; the result's JSON is in `retVar`
   * - any other negative number: the code of the command's error, with its message in `retVar` (404 gives -404, -32602 stays)
   *   and its data in `retVar.data`
   * - -1 no such command; `retVar` stays as it is
   * - -2 the parameters could not be built: `could not parse script params!`
   * - -3 no response, for instance within the time limit; `retVar` says why
   * @param command its name, and parameters after it, separated by spaces, which cannot be escaped
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
  /** The same calls as promises, which block nothing. */
  readonly async: AsyncScript
}

/** Asynchronous calls. They are traced only with the option `traceAsync`. */
export interface AsyncScript {
  /**
   * As `Script.mi`, also for a command that answers later.
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
