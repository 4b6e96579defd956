import type { JsonRpcParams } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { shown } from '@mi/internal/options'
import { assertValue, type ScriptValue } from './variable.js'

/** A call as the engine takes it. Plain data, which may go to another thread. */
export interface ScriptRequest {
  readonly method: string
  /** Whether the caller wants the result itself, not its JSON text. */
  readonly typed: boolean
  readonly params: JsonRpcParams | undefined
  /** Why the parameters could not be built; they are undefined then. */
  readonly problem: string | undefined
  /** What is odd about the call, which runs all the same. */
  readonly warning: string | undefined
}

const ARRAY = /^__array\((.*)\)$/s

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
