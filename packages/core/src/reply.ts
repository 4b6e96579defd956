import type { JsonRpcError } from '@mi/contract'

/** The texts of JSON-RPC answers. Ids are texts here: they go out exactly as they came in. */

/** @param result the JSON text of the result */
export function successText(result: string, id: string): string {
  return `${successHead(result)}${id}}`
}

/** A successful answer up to its id. */
export function successHead(result: string): string {
  return `{"jsonrpc":"2.0","result":${result},"id":`
}

/**
 * @param error only code, message and data are told
 * @throws what `JSON.stringify` throws for data that JSON cannot carry
 */
export function errorText({ code, message, data }: JsonRpcError, id: string): string {
  const more = data === undefined ? '' : `,"data":${JSON.stringify(data) ?? 'null'}`
  return `{"jsonrpc":"2.0","error":{"code":${code},"message":${JSON.stringify(message)}${more}},"id":${id}}`
}
