import type { CommandContract } from '@mi/contract'

/** One command that a request asks for. */
export interface RequestedCommand {
  /** As the caller named it: the canonical name for a contract. The server may know it by another one. */
  readonly name: string
  /** Undefined for a call by name. */
  readonly contract: CommandContract | undefined
  readonly params: object | undefined
}

/** What a middleware sees of a request. */
export interface ClientRequest {
  readonly type: 'call' | 'notification' | 'batch'
  /** The commands: one, or those of a batch in their order. */
  readonly commands: readonly RequestedCommand[]
  /** For people: the transport and its address, `fifo (/run/opensips/opensips_fifo)`. */
  readonly where: string
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined
  /**
   * Waits so many milliseconds. Rejects with `signal.reason` when the caller's signal fires, and with `MI_CLOSED` when the
   * client is closed.
   */
  wait(ms: number): Promise<void>
}

/**
 * Stands between the caller and the server. `next` sends the request (or hands it to the next middleware) and resolves
 * with the result; it may be called again, or not at all. What the middleware resolves or rejects with is what the caller
 * gets: for a batch its list of replies, for a notification nothing.
 */
export type Middleware = (request: ClientRequest, next: () => Promise<unknown>) => Promise<unknown>

/** @throws TypeError for anything but a list of functions */
export function checkedMiddleware(middleware: readonly Middleware[] | undefined): readonly Middleware[] {
  const given: unknown = middleware ?? []
  if (!Array.isArray(given) || !given.every((each) => typeof each === 'function')) {
    throw new TypeError('createClient(): middleware must be a list of functions, such as retry() makes')
  }
  return [...(middleware ?? [])]
}

/** Passes a request through all middleware, the first one first. */
export function throughMiddleware(
  middleware: readonly Middleware[],
  request: ClientRequest,
  send: () => Promise<unknown>,
): Promise<unknown> {
  const from = async (index: number): Promise<unknown> => {
    const layer = middleware[index]
    return layer === undefined ? send() : layer(request, () => from(index + 1))
  }
  return from(0)
}
