import type { CommandContract, ResultOf } from '@mi/contract'
import { errorOf, isNoSuchCommand, type Outcome } from './outcome.js'
import { type ScriptRequest, scriptRequest, typedRequest } from './request.js'
import type {
  AsyncCallOptions,
  AsyncRunArguments,
  AsyncScript,
  ReturnVariable,
  RunArguments,
  RunOutcome,
  Script,
  ScriptValues,
} from './script.js'
import { Avp, Variable } from './variable.js'

/** Carries out the calls of a script. */
export interface Carrier {
  /** Returns when the outcome is there, and blocks its thread meanwhile. */
  now(request: ScriptRequest): Outcome
  /** @param signal makes the promise reject with its reason when it fires; it has not fired yet */
  later(request: ScriptRequest, signal: AbortSignal | undefined): Outcome | Promise<Outcome>
}

/** What scripts have in common, wherever their engine is: variables, and how calls are read and told. */
export class HostScript implements Script {
  readonly async: AsyncScript
  private readonly variables = new Map<string, Variable>()
  private readonly avps = new Map<string, Avp>()

  constructor(private readonly carrier: Carrier) {
    this.async = {
      mi: async (command, retVar, paramsAvp, valsAvp, options) => {
        const outcome = await this.later(scriptRequest(command, paramsAvp, valsAvp), options)
        return told(outcome, retVar)
      },
      run: async <C extends CommandContract>(contract: C, ...[params, options]: AsyncRunArguments<C>) => {
        const outcome = await this.later(typedRequest(contract.method, params), options)
        return typed<ResultOf<C>>(outcome)
      },
    }
  }

  var(name: string): Variable {
    return madeOnce(this.variables, name, Variable)
  }

  avp(name: string): Avp {
    return madeOnce(this.avps, name, Avp)
  }

  mi(command: string, retVar?: ReturnVariable, paramsAvp?: ScriptValues, valsAvp?: ScriptValues): number {
    return told(this.carrier.now(scriptRequest(command, paramsAvp, valsAvp)), retVar)
  }

  run<C extends CommandContract>(contract: C, ...[params]: RunArguments<C>): RunOutcome<ResultOf<C>> {
    return typed(this.carrier.now(typedRequest(contract.method, params)))
  }

  private async later(request: ScriptRequest, { signal }: AsyncCallOptions = {}): Promise<Outcome> {
    signal?.throwIfAborted()
    return this.carrier.later(request, signal)
  }
}

/** Leaves an outcome in the return variable. */
function told(outcome: Outcome, retVar: ReturnVariable | undefined): number {
  const { rc, result, failed } = outcome
  if (failed === undefined) retVar?.set(result)
  else if (!isNoSuchCommand(outcome)) retVar?.set(failed.error.message)
  return rc
}

/** The result is what the command's handler answered, and that the contract gives its type. */
function typed<Result>(outcome: Outcome): RunOutcome<Result> {
  if (outcome.failed !== undefined) return { rc: outcome.rc, error: errorOf(outcome) }
  return { rc: outcome.rc, result: JSON.parse(outcome.result) as Result }
}

function madeOnce<T>(all: Map<string, T>, name: string, Kind: new (name: string) => T): T {
  const known = all.get(name)
  if (known !== undefined) return known
  const made = new Kind(name)
  all.set(name, made)
  return made
}
