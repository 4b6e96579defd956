import type { CommandContract, JsonRpcParams, MiHost, ResultOf } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { shown } from '@mi/internal/options'
import { EngineCalls } from './engine-calls.js'
import { checkScriptOptions, type ScriptOptions } from './options.js'
import { type CallResult, errorOf, isNoSuchCommand, type ScriptRequest } from './script-call.js'
import type { AsyncCallOptions, ReturnVariable, RunOutcome, Script } from './script-types.js'
import { Avp, assertValue, type ScriptValue, Variable } from './variable.js'

const ARRAY = /^__array\((.*)\)$/s

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
    async later(request, signal) {
      const result = await calls.later(request, false, signal)
      if (result.error === undefined || !signal?.aborted) return result
      calls.drop('aborted', request)
      throw signal.reason
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

/**
 * Reads a call of `mi()`: a command with its parameters after it, or in AVPs, which replace them.
 * @param names positional parameters; with `values` the names of parameters
 * @param values the values for `names`; positional parameters where there are no names
 * @throws TypeError for something that is not a list of strings and finite numbers
 * Source: mi_script 3.5. Differs: spaces before the command are not part of it; AVPs are read in the order in which they were
 * filled; an integer among the values stays one; `__array()` is empty.
 */
export function scriptRequest(
  command: string,
  names: Iterable<ScriptValue> | undefined,
  values: Iterable<ScriptValue> | undefined,
): ScriptRequest {
  // The usual case, and the fastest.
  if (names === undefined && values === undefined && !command.includes(' ')) return request(command, undefined)
  const [method = '', ...words] = wordsOf(command)
  if (names !== undefined && values !== undefined) return named(method, listOf(names), listOf(values))
  const params = names ?? values
  return request(method, params === undefined ? words : listOf(params))
}

/**
 * Reads a typed call: parameters by name. The command gets a copy of them.
 * @param params undefined members are left out, as JSON does
 */
export function typedRequest(method: string, params: object | undefined): ScriptRequest {
  try {
    const copy = params === undefined ? undefined : JSON.parse(JSON.stringify(params))
    return { method, typed: true, params: copy, problem: undefined, warning: undefined }
  } catch (error) {
    return { method, typed: true, params: undefined, problem: errorText(error), warning: undefined }
  }
}

function named(method: string, names: readonly ScriptValue[], values: readonly ScriptValue[]): ScriptRequest {
  if (values.length < names.length) return unbuilt(method, `${names.length} names, but ${values.length} values`)
  const keys = names.map(String)
  const twice = keys.find((name, index) => keys.indexOf(name) !== index)
  if (twice !== undefined) return unbuilt(method, `the name '${twice}' appears twice`)
  // Not by assignment, which would set the prototype for the name `__proto__`.
  const params = Object.fromEntries(keys.map((name, index) => [name, namedValue(values[index])]))
  const surplus = values.length - names.length
  return request(
    method,
    params,
    surplus === 0 ? undefined : `${surplus} more values than names: the surplus is ignored`,
  )
}

function namedValue(value: ScriptValue | undefined): unknown {
  const [, items] = typeof value === 'string' ? (ARRAY.exec(value) ?? []) : []
  return items === undefined ? value : wordsOf(items)
}

/** A checked copy. A string is refused: it would list its characters, which nobody means. */
function listOf(values: Iterable<ScriptValue>): ScriptValue[] {
  if (typeof values !== 'object' || values === null) {
    throw new TypeError(`mi(): parameters must be an AVP or another list of values, not ${shown(values)}`)
  }
  const list = [...values]
  for (const value of list) assertValue('mi(): a list of parameters', value)
  return list
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
}

function request(method: string, params: JsonRpcParams | undefined, warning?: string): ScriptRequest {
  return { method, typed: false, params, problem: undefined, warning }
}

function unbuilt(method: string, problem: string): ScriptRequest {
  return { method, typed: false, params: undefined, problem, warning: undefined }
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
