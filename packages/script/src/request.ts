import type { JsonRpcParams } from '@mi/contract'
import { assertValue, type ScriptValue } from './variable.js'

/** A call as the engine takes it. Plain data, which may go to another thread. */
export interface ScriptRequest {
  readonly method: string
  readonly params: JsonRpcParams | undefined
  /** Why the parameters could not be built; they are undefined then. */
  readonly problem: string | undefined
  /** What is odd about the call and does not keep it from running. */
  readonly warning: string | undefined
}

const ARRAY = /^__array\((.*)\)$/s

/**
 * Reads a call of `mi()`: a command, with its parameters behind it or in AVPs, which then replace those.
 * @param names positional parameters; with `values` the names of parameters
 * @param values the values for `names`; positional parameters where there are no names
 * @throws TypeError for a list that is none, or holds what is neither a text nor a finite number
 * Source: mi_script 3.5. Differs: blanks before the command are no part of it; AVPs are read in the order in which they were
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
 * Reads a typed call: parameters by name. They are copied, since what the command gets is its own.
 * @param params undefined members are left out, as JSON does
 */
export function typedRequest(method: string, params: object | undefined): ScriptRequest {
  if (params === undefined) return request(method, undefined)
  try {
    return request(method, JSON.parse(JSON.stringify(params)))
  } catch (error) {
    return unbuilt(method, error instanceof Error ? error.message : String(error))
  }
}

function named(method: string, names: readonly ScriptValue[], values: readonly ScriptValue[]): ScriptRequest {
  if (values.length < names.length) return unbuilt(method, `${names.length} names, but ${values.length} values`)
  const keys = names.map(String)
  const twice = keys.find((name, index) => keys.indexOf(name) !== index)
  if (twice !== undefined) return unbuilt(method, `the name '${twice}' twice`)
  // Not by assignment, to which `__proto__` is no usual name.
  const params = Object.fromEntries(keys.map((name, index) => [name, namedValue(values[index])]))
  const surplus = values.length - names.length
  return request(method, params, surplus === 0 ? undefined : `${surplus} more values than names, which are ignored`)
}

function namedValue(value: ScriptValue | undefined): unknown {
  const [, items] = typeof value === 'string' ? (ARRAY.exec(value) ?? []) : []
  return items === undefined ? value : wordsOf(items)
}

/** A copy, checked. A text lists its characters, which nobody means. */
function listOf(values: Iterable<ScriptValue>): ScriptValue[] {
  if (typeof values !== 'object' || values === null) {
    throw new TypeError(`mi(): parameters are an AVP or another list of values, not ${String(values)}`)
  }
  const list = [...values]
  for (const value of list) assertValue('a list of parameters', value)
  return list
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
}

function request(method: string, params: JsonRpcParams | undefined, warning?: string): ScriptRequest {
  return { method, params, problem: undefined, warning }
}

function unbuilt(method: string, problem: string): ScriptRequest {
  return { method, params: undefined, problem, warning: undefined }
}
