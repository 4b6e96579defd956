/** JSON-RPC 2.0 (sections 4 and 5) as MI uses it. */

/** Fractions are allowed; the server echoes the id exactly as it was written. */
export type JsonRpcId = string | number | null

/** A call, or without `id` a notification. */
export interface JsonRpcRequest {
  readonly jsonrpc: '2.0'
  readonly method: string
  readonly params?: JsonRpcParams | undefined
  readonly id?: JsonRpcId | undefined
}

/** By position or by name. */
export type JsonRpcParams = readonly unknown[] | Readonly<Record<string, unknown>>

export interface JsonRpcSuccess {
  readonly jsonrpc: '2.0'
  readonly result: unknown
  readonly id: JsonRpcId
}

export interface JsonRpcFailure {
  readonly jsonrpc: '2.0'
  readonly error: JsonRpcError
  readonly id: JsonRpcId
}

export interface JsonRpcError {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

export type JsonRpcResponse = JsonRpcSuccess | JsonRpcFailure
