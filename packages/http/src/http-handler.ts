import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EventSource, MiHost } from '@mi/contract'
import { OptionChecks } from '@mi/internal/options'
import { Connections } from './connections.js'
import { Endpoint, type Engine } from './endpoint.js'
import { FetchExchange } from './fetch-exchange.js'
import { Gate } from './gate.js'
import { NodeExchange } from './node-exchange.js'
import {
  HANDLER_OPTIONS,
  type HttpHandlerOptions,
  type ResolvedHandlerOptions,
  resolveHandlerOptions,
} from './options.js'
import { textReply } from './refusal.js'

/** An engine, such as `createMi` makes; events are those that it raises. */
export type HttpHost = MiHost & { readonly events?: EventSource | undefined }

/** Options of `fetchHandler`. */
export interface FetchHandlerOptions extends HttpHandlerOptions {
  /** The address of who sends a request, from what the server hands over besides: needed for `allow` and `trustedProxies`. @default unknown */
  readonly addressOf?: ((request: Request, ...more: readonly never[]) => string | undefined) | undefined
}

/**
 * Answers requests of a server of node:http, Express or Fastify that others have set up: give it the paths below `root`. Limits of
 * connections, headers and times are those of that server.
 * @throws TypeError, RangeError for options that cannot work
 */
export function httpHandler(
  mi: HttpHost,
  options: HttpHandlerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  new OptionChecks('httpHandler()').known(options, HANDLER_OPTIONS)
  const resolved = resolveHandlerOptions(options, 'httpHandler()')
  const { engine, endpoint } = endpointOf(mi, resolved)
  const connections = new Connections(engine, resolved)
  return async (request, response) => {
    if (
      request.readableEnded &&
      request.headers['transfer-encoding'] === undefined &&
      request.headers['content-length'] !== '0' &&
      request.method === 'POST'
    ) {
      const { body, type = '' } = textReply(
        500,
        'the body was read before this handler: mount it before body parsers such as express.json()',
      )
      engine.log.error({}, 'httpHandler(): the body was read already; mount the handler before body parsers')
      response.writeHead(500, { 'Content-Type': type }).end(body)
      return
    }
    await endpoint.serve(new NodeExchange(request, response, connections.of(request.socket), connections))
  }
}

/**
 * Answers requests of a server that speaks fetch, such as Hono. Give it the paths below `root`.
 * @throws TypeError, RangeError for options that cannot work
 */
export function fetchHandler(
  mi: HttpHost,
  { addressOf, ...options }: FetchHandlerOptions = {},
): (request: Request, ...more: readonly unknown[]) => Promise<Response> {
  new OptionChecks('fetchHandler()').known(options, HANDLER_OPTIONS)
  const resolved = resolveHandlerOptions(options, 'fetchHandler()')
  if (addressOf === undefined && (resolved.allow !== undefined || resolved.trustedProxies !== undefined)) {
    throw new TypeError(
      'fetchHandler(): allow and trustedProxies need addressOf, which tells the address of who sends a request',
    )
  }
  const { engine, endpoint } = endpointOf(mi, resolved)
  return (request, ...more) => {
    const exchange = new FetchExchange(request, addressOf?.(request, ...asGiven(more)), engine)
    void endpoint.serve(exchange)
    return exchange.response
  }
}

function endpointOf(mi: HttpHost, options: ResolvedHandlerOptions): { engine: Engine; endpoint: Endpoint } {
  const engine: Engine = { ...mi.attach('http', options.settings), events: mi.events }
  const gate = new Gate(options, 'http', false, engine.log)
  const curl = `curl -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "version"}' URL`
  return { engine, endpoint: new Endpoint(options, gate, engine, () => curl) }
}

/** What a server hands over is for `addressOf` to know: its parameters say what it expects. */
function asGiven(more: readonly unknown[]): readonly never[] {
  return more as readonly never[]
}
