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
import { type Dispatcher, type DispatchSettings, MiError, type ServerTransport } from '@mi/contract'
import { isLoopback } from '@mi/internal/address-list'
import { errorCode, errorText } from '@mi/internal/error-text'
import { Connections } from './connections.js'
import { Endpoint } from './endpoint.js'
import { Gate } from './gate.js'
import { NodeExchange } from './node-exchange.js'
import { type HttpOptions, type ResolvedHttpOptions, resolveOptions } from './options.js'
import { type HttpReply, Refusal } from './refusal.js'

/** Headers of one request, in bytes: as node:http has it unless it is changed on the command line. */
const MAX_HEADER_BYTES = 16_384

/** Connections beyond `maxConnections` that the system may hand over while others end. */
const SPARE_CONNECTIONS = 128

/**
 * Serves MI over HTTP or HTTPS, as mi_http of OpenSIPS does. Nothing is opened before `listen`.
 * @throws TypeError, RangeError for options that cannot work
 */
export function http(options: HttpOptions = {}): ServerTransport {
  return new HttpServer(resolveOptions(options))
}

class HttpServer implements ServerTransport {
  readonly name = 'http'
  readonly settings: DispatchSettings
  private serving: Serving | undefined
  private closing: Promise<void> | undefined

  constructor(private readonly options: ResolvedHttpOptions) {
    this.settings = options.settings
  }

  /** With the port that the system chose where the option is 0. */
  get address(): string {
    const { host, port, path, tls } = this.options
    const scheme = tls === undefined ? 'http' : 'https'
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${this.serving?.port ?? port}${path}`
  }

  readonly listen = async (dispatcher: Dispatcher): Promise<void> => {
    if (this.serving !== undefined) throw new TypeError(`the transport of ${this.address} listens already`)
    const serving = new Serving(this.options, dispatcher, () => this.address)
    try {
      await serving.open()
    } catch (cause) {
      throw listenFailure(this.address, cause)
    }
    this.serving = serving
    warnIfOpen(this.options, this.address, serving.boundTo, dispatcher)
  }

  readonly close = async (): Promise<void> => {
    const { serving } = this
    this.serving = undefined
    if (serving !== undefined) this.closing = serving.close()
    await this.closing
  }
}

/** One server that listens. */
class Serving {
  private readonly server: Server
  private readonly connections: Connections
  private readonly endpoint: Endpoint

  constructor(
    private readonly options: ResolvedHttpOptions,
    dispatcher: Dispatcher,
    address: () => string,
  ) {
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

  async open(): Promise<void> {
    const { server } = this
    const { host, port } = this.options
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  }

  /** Takes no new requests, sends the replies that are owed, and closes all connections. */
  async close(): Promise<void> {
    this.endpoint.isClosing = true
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    // Not within a request: a command may have asked for the close.
    await new Promise<void>((resolve) => setImmediate(resolve))
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
    if (connection.isEnding) return
    const refusal = parserRefusal(error)
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
function rawReply({ status, type, body }: HttpReply): string {
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${type}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  )
}

/** Once for each `listen`. */
function warnIfOpen(options: ResolvedHttpOptions, address: string, boundTo: string, { log }: Dispatcher): void {
  const { auth, allow, tls } = options
  if (isLoopback(boundTo)) return
  if (auth === undefined && allow === undefined && tls?.clientCertificates !== 'require') {
    const advice = "give `auth`, or `allow` such as ['127.0.0.1', '10.0.0.0/8'], or listen on a loopback address"
    log.warn({ address }, `everyone who can reach this port may run every command; ${advice}`)
  } else if (auth !== undefined && tls === undefined) {
    log.warn(
      { address },
      'passwords and tokens cross the network unencrypted; give `tls`, or listen on a loopback address behind a proxy',
    )
  }
}

/** `MI_LISTEN` with what to do about it. */
function listenFailure(address: string, cause: unknown): MiError {
  return new MiError('MI_LISTEN', `cannot listen on ${address}: ${errorText(cause)}${hintFor(errorCode(cause))}`, {
    cause,
  })
}

function hintFor(code: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return '; another process listens there: stop it or choose another port'
    case 'EADDRNOTAVAIL':
      return "; this machine has no such address: give one that it has as host, or '0.0.0.0' for all"
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return '; the host name cannot be resolved: correct host or give an address'
    case 'EACCES':
    case 'EPERM':
      return '; this process may not use that port: choose one above 1023'
    case 'EAFNOSUPPORT':
      return '; this machine has no IPv6: give an IPv4 address as host'
    default:
      return ''
  }
}
