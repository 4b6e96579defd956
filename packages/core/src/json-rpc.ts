import { CommandError, ErrorCode, type JsonRpcError, type JsonRpcParams } from '@mi/contract'
import { areParams } from './json-value.js'

/** JSON-RPC 2.0 as text: requests are taken apart, replies are put together. Ids are texts here: they go out as they came in. */

/** A request that is what JSON-RPC asks for; whether its method and parameters mean anything is still to be seen. */
export interface JsonRpcCall {
  readonly method: string
  readonly params: JsonRpcParams | undefined
  /** Text of the id; undefined for a notification, which runs and is never answered. */
  readonly id: string | undefined
}

const HEAD = '{"jsonrpc":"2.0","method":"'
const PARAMS = ',"params":'
const ID = ',"id":'

/** The first letter of the member after the method: of `params`, and not of `id`. */
const LOWER_P = 0x70

/** No white space, the order method, params, id, a method that is JSON without escapes, and an integer id that JavaScript can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them unescaped
const USUAL = /^\{"jsonrpc":"2\.0","method":"[^"\\\u0000-\u001f]+"(?:,"params":[[{].*)?,"id":[1-9]\d{0,14}\}$/s

/**
 * Takes apart a request that is spelled as programs spell it. It builds no object for what is only looked at: between
 * system calls, when caches are cold, `JSON.parse` is a tenth of what a small request costs.
 * @returns undefined for every other spelling, right or wrong: `JSON.parse` of the whole then decides
 */
export function usualRequest(text: string): JsonRpcCall | undefined {
  if (!USUAL.test(text)) return undefined
  const methodEnd = text.indexOf('"', HEAD.length)
  const hasParams = text.charCodeAt(methodEnd + 3) === LOWER_P
  const idMember = hasParams ? text.lastIndexOf(ID) : methodEnd + 1
  const params = hasParams ? parseParams(text.slice(methodEnd + 1 + PARAMS.length, idMember)) : undefined
  if (params === null) return undefined
  return { method: text.slice(HEAD.length, methodEnd), params, id: text.slice(idMember + ID.length, -1) }
}

/** That the text is JSON by itself proves that the params end where they were cut. Null: it is not. */
function parseParams(text: string): JsonRpcParams | null {
  try {
    return JSON.parse(text)
  } catch {
    // Refused, with a reason, where the whole request is parsed.
    return null
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** -32600, with what is wrong as data. OpenSIPS sends no data. */
export function invalidRequest(problem: string | undefined): CommandError {
  return new CommandError(ErrorCode.InvalidRequest, undefined, problem)
}

/** Longest reason of another server that is given back. */
const LONGEST_REASON = 500

/**
 * What is wrong with a request that is not valid, all of it. The -32600 of another server is answered by the same text, with its reason
 * or without one, as OpenSIPS has it: by that datagram transports see that it is no request, and do not answer. Otherwise the two
 * would answer each other without end.
 */
export function requestProblems(request: unknown): string | undefined {
  if (!isRecord(request)) return 'a request must be an object'
  const { jsonrpc, method, params, id, error } = request
  if (method === undefined && isRecord(error) && error.code === ErrorCode.InvalidRequest) {
    const { data } = error
    if (data === undefined || (typeof data === 'string' && data.length <= LONGEST_REASON)) return data
  }
  return [
    jsonrpc === '2.0' ? [] : 'jsonrpc must be "2.0"',
    typeof method === 'string' ? [] : 'method must be a string',
    areParams(params) ? [] : 'params must be an array or an object',
    id === undefined || id === null || typeof id === 'string' || typeof id === 'number'
      ? []
      : 'id must be a string, a number or null',
  ]
    .flat()
    .join('; ')
}

const RESULT = '{"jsonrpc":"2.0","result":'

/** @param result the JSON text of the result */
export function successText(result: string, id: string): string {
  return `${RESULT}${result}${ID}${id}}`
}

/**
 * @param error only code, message and data are sent
 * @throws what `JSON.stringify` throws for data that JSON cannot carry
 */
export function errorText({ code, message, data }: JsonRpcError, id: string): string {
  const more = data === undefined ? '' : `,"data":${JSON.stringify(data) ?? 'null'}`
  return `{"jsonrpc":"2.0","error":{"code":${code},"message":${JSON.stringify(message)}${more}},"id":${id}}`
}
