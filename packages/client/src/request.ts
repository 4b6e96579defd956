import type { CommandContract } from '@mi/contract'

/** What names a command in a call. */
export type Target = CommandContract | string

/**
 * The name of a command for messages and for calls by name; for a contract, its canonical one.
 * @throws TypeError for what names no command
 */
export function methodName(where: string, target: Target): string {
  const given: unknown = target
  const name = typeof given === 'object' && given !== null && 'method' in given ? given.method : given
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`${where}: the command must be a contract or a name, not ${describe(given)}`)
  }
  return name
}

/**
 * One request as an object to be serialised; without an id a notification. Parameters that are none (`{}` and `[]`)
 * are left out.
 * @throws TypeError for parameters that are neither an array nor an object
 */
export function request(where: string, method: string, params: object | undefined, id?: number | undefined): object {
  const given: unknown = params
  if (given !== undefined && (typeof given !== 'object' || given === null)) {
    throw new TypeError(`${where}: the parameters of '${method}' must be an array or an object, not ${describe(given)}`)
  }
  const empty = params === undefined || Object.keys(params).length === 0
  return { jsonrpc: '2.0', method, params: empty ? undefined : params, id }
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object without a method' : `${typeof value} ${String(value)}`
}
