import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Dispatcher } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import { Connections } from './connections.js'
import { Endpoint } from './endpoint.js'
import { Gate } from './gate.js'
import { NodeExchange } from './node-exchange.js'
import type { ResolvedHttpOptions } from './options.js'
import { type HttpReply, Refusal } from './refusal.js'

/** Headers of one request, in bytes: as node:http has it unless it is changed on the command line. */
const MAX_HEADER_BYTES = 16_384

/** Connections beyond `maxConnections` that the system may hand over while others end. */
const SPARE_CONNECTIONS = 128

/** One server that listens. */
export class Serving {
  private readonly server: Server
  private readonly connections: Connections
  private readonly endpoint: Endpoint

  constructor(options: ResolvedHttpOptions, dispatcher: Dispatcher, address: () => string) {
    const { tls } = options
    this.connections = new Connections(dispatcher, options, options.maxConnections)
    const gate = new Gate(options, 'http', tls?.clientCertificates === 'request', dispatcher.log)
    this.endpoint = new Endpoint(options, gate, dispatcher, () => curlFor(address()))
    this.server =
      tls === undefined
        ? createServer(serverOptions(options))
        : createTlsServer({ ...tls, handshakeTimeout: options.headersTimeoutMs, ...serverOptions(options) })
    this.server.maxConnections = options.maxConnections + SPARE_CONNECTIONS
    this.server
      .on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => void this.connections.of(socket))
      .on('request', (request, response) => void this.serve(request, response))
      .on('checkContinue', (request, response) => void this.serve(request, response, () => response.writeContinue()))
      .on('checkExpectation', (request, response) => void this.serve(request, response))
      .on('connect', (_request, socket) => this.refuseWith(NO_TUNNEL, socket as Socket))
      .on('clientError', (error, socket) => this.refuse(error, socket as Socket))
      .on('tlsClientError', (error: Error, socket: Socket) => {
        dispatcher.drop('tls_failed', { peer: socket.remoteAddress, why: errorText(error) })
      })
      .on('drop', (data) => {
        dispatcher.drop('too_many_connections', { peer: data?.remoteAddress, limit: options.maxConnections })
      })
  }

  get port(): number | undefined {
    const address = this.server.address()
    return typeof address === 'object' ? address?.port : undefined
  }

  get boundTo(): string {
    const address = this.server.address()
    return typeof address === 'object' ? (address?.address ?? '') : ''
  }

  /** @param on an address, or a socket that is bound already */
  async open(on: { readonly host: string; readonly port: number } | { readonly fd: number }): Promise<void> {
    const { server } = this
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ ...on }, () => {
        server.off('error', reject)
        this.endpoint.listen()
        resolve()
      })
    })
  }

  /** Takes no new requests, sends the replies that are owed, and closes all connections. */
  async close(): Promise<void> {
    this.endpoint.close()
    // Not within a request: a command may have asked for the close. And the ends of streams go out first: node:http ends the
    // connections that it takes for idle.
    await new Promise<void>((resolve) => setImmediate(resolve))
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    this.connections.close()
    await closed
  }

  private serve(request: IncomingMessage, response: ServerResponse, proceed?: () => void): Promise<void> {
    const connection = this.connections.of(request.socket)
    return this.endpoint.serve(new NodeExchange(request, response, connection, this.connections), proceed)
  }

  /** What came on the connection is no HTTP request, or did not come in time. */
  private refuse(error: Error, socket: Socket): void {
    const connection = this.connections.of(socket)
    if (!socket.writable || errorCode(error) === 'ECONNRESET') {
      socket.destroy()
      return
    }
    if (!connection.isEnding) this.refuseWith(parserRefusal(error), socket)
  }

  private refuseWith(refusal: Refusal, socket: Socket): void {
    const connection = this.connections.of(socket)
    this.endpoint.count(refusal, connection.address)
    // A whole request may stand in front of it, whose end is not reported yet.
    setImmediate(() => connection.endWhenAnswered(rawReply(refusal.reply)))
  }
}

function serverOptions({ headersTimeoutMs, requestTimeoutMs, keepAliveMs }: ResolvedHttpOptions): ServerOptions {
  return {
    insecureHTTPParser: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.max(10, Math.min(1_000, headersTimeoutMs / 2)),
    // Peers that vanished without a word are found out.
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    // The endpoint checks it, says what is wrong, and counts it.
    requireHostHeader: false,
  }
}

const NO_TUNNEL = new Refusal(405, 'wrong_method', 'CONNECT is not possible here: this is no proxy; send a POST', {
  Allow: 'POST',
})

function curlFor(url: string): string {
  return `curl -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "version"}' ${url}`
}

function parserRefusal(error: Error): Refusal {
  switch (errorCode(error)) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Refusal(408, 'request_timeout', 'the request did not arrive in time: send all of it at once')
    case 'HPE_HEADER_OVERFLOW':
      return new Refusal(
        431,
        'request_too_large',
        `the headers are longer than ${MAX_HEADER_BYTES} bytes: send fewer headers`,
      )
    default:
      return new Refusal(
        400,
        'bad_request',
        `this is not an HTTP request: ${errorText(error)}`,
        {},
        { code: errorCode(error) },
      )
  }
}

/** For a connection whose request node:http could not read. */
function rawReply({ status, type, body, headers = {} }: HttpReply): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${type}\r\n${lines.join('')}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  )
}
