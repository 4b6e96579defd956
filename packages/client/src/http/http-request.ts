import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { RequestSignal } from '@mi/contract'
import { GrowingBuffer } from '@mi/internal/growing-buffer'
import { type HttpReply, httpConnectionError, tooLongReply } from './http-errors.js'

/** How long a body may be silent before it is nudged, and after that before the status alone decides, in milliseconds. */
const SILENT_MS = 20
const NUDGED_MS = 100

/** `request` of node:http or node:https. */
export type StartRequest = (options: RequestOptions, onResponse: (response: IncomingMessage) => void) => ClientRequest

/** What every request to a server has in common. */
export interface HttpRequest extends Omit<RequestOptions, 'signal' | 'method'> {
  /** For messages: the URL. */
  readonly address: string
  readonly maxReplyBytes: number
}

/** What is sent. */
export interface HttpContent {
  /** It is posted; without one the request is a GET. */
  readonly body?: Buffer | undefined
  readonly headers: Readonly<Record<string, string>>
  /** Whether the body of the reply matters, or only its status. */
  readonly awaitsReply: boolean
  readonly onSent?: (() => void) | undefined
  /**
   * Takes the body of a stream of server-sent events instead. The request is then answered, with an empty text, unless it is to go
   * on until a promise resolves with its text.
   */
  readonly takeStream?: ((stream: IncomingMessage) => Promise<string> | undefined) | undefined
}

/**
 * Sends one request and reads the reply. The length is sent ahead and the body in one piece: httpd of OpenSIPS takes nothing
 * else.
 *
 * mi_http of Debian's OpenSIPS sends 202, 400 and 405 as chunked replies that do not end by themselves. A chunked body that is
 * silent is nudged once, by an empty line on the connection, which every server ignores ahead of a request (RFC 9112,
 * section 2.2) and which makes that one send the rest. If it stays silent, the connection is dropped, and the status that has
 * arrived counts; only the body of a success is awaited, where it is the reply.
 * @throws MiError `MI_CONNECTION` when there is no reply or it is cut off; `MI_PROTOCOL` when it or its header is too long,
 * or it is not HTTP
 */
export function sendRequest(
  start: StartRequest,
  request: HttpRequest,
  { body, headers, awaitsReply, onSent, takeStream }: HttpContent,
  signal: RequestSignal,
): Promise<HttpReply> {
  const { address, maxReplyBytes, ...options } = request
  const head =
    body === undefined
      ? { method: 'GET', headers }
      : { method: 'POST', headers: { ...headers, 'content-length': String(body.length) } }
  return new Promise((resolve, reject) => {
    let silence: NodeJS.Timeout | undefined
    const outgoing = begin(start, { ...options, ...head }, address, (reply) => {
      if (takeStream !== undefined && isEventStream(reply)) {
        reply.on('error', onError)
        const text = takeStream(reply)
        if (text === undefined) succeed(httpReply(reply, ''))
        else text.then((all) => succeed(httpReply(reply, all)), fail)
        return
      }
      const received = new GrowingBuffer(maxReplyBytes)
      const settled = (): HttpReply => httpReply(reply, received.take().toString())
      const awaitsBody = awaitsReply && isSuccessWithBody(reply)
      reply.on('data', (piece: Buffer) => {
        // A body that comes drop by drop must not put off the status that has arrived.
        if (awaitsBody) silence?.refresh()
        if (received.push(piece)) return
        fail(tooLongReply(address, maxReplyBytes))
      })
      // Not emitted where the connection ends before the reply does; that is an error.
      reply.on('end', () => succeed(settled()))
      reply.on('error', onError)
      if (reply.complete) return
      const judge = (): void => {
        if (awaitsBody) return
        succeed(settled())
        outgoing.destroy()
      }
      silence = setTimeout(() => {
        if (reply.headers['transfer-encoding'] !== undefined) reply.socket.write('\r\n')
        silence = setTimeout(judge, NUDGED_MS)
      }, SILENT_MS)
    })
    const end = (): void => {
      clearTimeout(silence)
      signal.removeEventListener('abort', onAbort)
    }
    const succeed = (reply: HttpReply): void => {
      end()
      resolve(reply)
    }
    const fail = (reason: unknown): void => {
      end()
      // Ends the connection: nothing that comes late can be taken for the reply to another request.
      outgoing.destroy()
      reject(reason)
    }
    const onAbort = (): void => fail(signal.reason)
    const onError = (cause: unknown): void => fail(httpConnectionError(address, cause, outgoing.reusedSocket))
    outgoing.on('error', onError)
    if (onSent !== undefined) outgoing.on('finish', onSent)
    // Another protocol is to follow, which nobody asked for. Without a listener the call would never end.
    outgoing.on('upgrade', (reply, socket) => {
      socket.destroy()
      succeed(httpReply(reply, ''))
    })
    signal.addEventListener('abort', onAbort)
    outgoing.end(body)
  })
}

/** 202 has no body, whatever its header says. */
function isSuccessWithBody({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode <= 299 && statusCode !== 202
}

function isEventStream({ statusCode, headers }: IncomingMessage): boolean {
  return statusCode === 200 && /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
}

/** Certificates and keys are not read before: what is wrong with them shows here. */
function begin(
  start: StartRequest,
  options: RequestOptions,
  address: string,
  onResponse: (response: IncomingMessage) => void,
): ClientRequest {
  try {
    return start(options, onResponse)
  } catch (cause) {
    throw cause instanceof TypeError ? cause : httpConnectionError(address, cause, false)
  }
}

function httpReply({ statusCode = 0, statusMessage = '', headers }: IncomingMessage, text: string): HttpReply {
  const { location, 'content-type': type = '' } = headers
  return { status: statusCode, statusText: statusMessage, type, location, text }
}
