import type { JsonRpcError } from '@mi/contract'

/** The texts of JSON-RPC answers. Ids are texts here: they go out exactly as they came in. */

const RESULT = '{"jsonrpc":"2.0","result":'
const ID = ',"id":'

/** @param result the JSON text of the result */
export function successText(result: string, id: string): string {
  return `${successHead(result)}${id}}`
}

/** A successful answer up to its id. */
export function successHead(result: string): string {
  return `${RESULT}${result}${ID}`
}

/**
 * The result's text of an answer to a request with the given id.
 * @param answer what `successText` or `errorText` made
 * @returns undefined for an error
 */
export function resultOf(answer: string, id: string): string | undefined {
  if (!answer.startsWith(RESULT)) return undefined
  return answer.slice(RESULT.length, -(ID.length + id.length + 1))
}

/**
 * @param error only code, message and data are told
 * @throws what `JSON.stringify` throws for data that JSON cannot carry
 */
export function errorText({ code, message, data }: JsonRpcError, id: string): string {
  const more = data === undefined ? '' : `,"data":${JSON.stringify(data) ?? 'null'}`
  return `{"jsonrpc":"2.0","error":{"code":${code},"message":${JSON.stringify(message)}${more}},"id":${id}}`
}
