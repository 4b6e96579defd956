import type { CommandContract, MiHost, ResultOf } from '@mi/contract'
import { type CallResult, errorOf, isNoSuchCommand } from './call-result.js'
import { EngineCalls } from './engine-calls.js'
import { checkScriptOptions, type ScriptOptions } from './options.js'
import { type ScriptRequest, scriptRequest, typedRequest } from './request.js'
import type { AsyncCallOptions, ReturnVariable, RunOutcome, Script } from './script-types.js'
import { Avp, Variable } from './variable.js'

/** Carries out the calls of a script: by an engine of this thread, or one in a worker thread. */
export interface Carrier {
  /** Blocks the thread until the result is there. */
  now(request: ScriptRequest): CallResult
  /** @param signal makes the promise reject with its reason when it fires; it has not fired yet */
  later(request: ScriptRequest, signal: AbortSignal | undefined): CallResult | Promise<CallResult>
}

/**
 * A script whose engine is in this thread. Synchronous calls reach the handlers directly: a command that answers later gives -3.
 *
 * Scripts are small: one for each unit of work (a SIP message, a web request) keeps variables and addresses apart. All scripts
 * of an engine count in its statistics group `script`.
 * @param mi what `createMi` of @mi/core returns, before or after `listen`
 * @throws TypeError for an unknown option, or a `traceBwlist` that is wrong or names a command that is not registered yet
 * @throws MiError `MI_CLOSED` when the engine is closed
 */
export function createScript(mi: MiHost, options: ScriptOptions = {}): Script {
  const calls = new EngineCalls(mi, checkScriptOptions(options))
  return scriptOver({
    now: (request) => calls.now(request),
    later(request, signal) {
      const result = calls.later(request, false, signal)
      if (signal === undefined || !(result instanceof Promise)) return result
      return untilAborted(result, signal, () => calls.drop('aborted', request))
    },
  })
}

/** A script over any carrier: variables, and how calls are read and their results returned. */
export function scriptOver(carrier: Carrier): Script {
  const variables = new Map<string, Variable>()
  const avps = new Map<string, Avp>()
  const later = async (request: ScriptRequest, { signal }: AsyncCallOptions = {}): Promise<CallResult> => {
    signal?.throwIfAborted()
    return carrier.later(request, signal)
  }
  return {
    var: (name) => createdOnce(variables, name, Variable),
    avp: (name) => createdOnce(avps, name, Avp),
    mi: (command, retVar, paramsAvp, valsAvp) =>
      returned(carrier.now(scriptRequest(command, paramsAvp, valsAvp)), retVar),
    run: (contract, ...[params]) => runOutcome(contract, carrier.now(typedRequest(contract.method, params))),
    async: {
      mi: async (command, retVar, paramsAvp, valsAvp, options) =>
        returned(await later(scriptRequest(command, paramsAvp, valsAvp), options), retVar),
      run: async (contract, ...[params, options]) =>
        runOutcome(contract, await later(typedRequest(contract.method, params), options)),
    },
  }
}

/** Writes a result to the return variable, and gives the return code. */
function returned(result: CallResult, retVar: ReturnVariable | undefined): number {
  const { rc, error } = result
  if (error === undefined) retVar?.set(result.text)
  else if (!isNoSuchCommand(result)) retVar?.set(error.message, error.data)
  return rc
}

/** The value is what the command's handler returned, and the contract gives its type. */
function runOutcome<C extends CommandContract>(_contract: C, result: CallResult): RunOutcome<ResultOf<C>> {
  if (result.error !== undefined) return { rc: result.rc, error: errorOf(result) }
  return { rc: result.rc, result: result.value as ResultOf<C> }
}

function createdOnce<T>(all: Map<string, T>, name: string, Kind: new (name: string) => T): T {
  const known = all.get(name)
  if (known !== undefined) return known
  const created = new Kind(name)
  all.set(name, created)
  return created
}

/** @throws `signal.reason` when the signal fires first */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  let fire = (): void => {}
  const fired = new Promise<never>((_resolve, reject) => {
    fire = () => {
      onAbort()
      reject(signal.reason)
    }
  })
  signal.addEventListener('abort', fire, { once: true })
  try {
    return await Promise.race([promise, fired])
  } finally {
    signal.removeEventListener('abort', fire)
  }
}
