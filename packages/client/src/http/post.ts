import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { protocolError } from '../protocol-error.js'
import { httpConnectionError } from './connection-error.js'

/** `request` of node:http or node:https. */
export type StartRequest = (options: RequestOptions, onResponse: (response: IncomingMessage) => void) => ClientRequest

/** What every request to a server has in common. */
export interface PostRequest extends Omit<RequestOptions, 'headers' | 'signal' | 'method'> {
  /** For messages: the URL. */
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly maxReplyBytes: number
}

/** What a server answered. */
export interface HttpReply {
  readonly status: number
  /** `Not Found`. */
  readonly statusText: string
  readonly location: string | undefined
  readonly text: string
}

/**
 * Posts one body and reads the reply to its end. The length is told beforehand and the body goes in one piece: httpd of
 * OpenSIPS takes no other.
 * @throws MiError `MI_CONNECTION` when there is no reply or it is cut off; `MI_PROTOCOL` when it or its header is too long,
 * or it is no HTTP
 */
export function post(start: StartRequest, request: PostRequest, body: string, signal: AbortSignal): Promise<HttpReply> {
  const { address, maxReplyBytes, headers, ...options } = request
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body))
    const outgoing = begin(
      start,
      { ...options, method: 'POST', headers: { ...headers, 'content-length': length } },
      address,
      (reply) => {
        const pieces: Buffer[] = []
        let size = 0
        reply.on('data', (piece: Buffer) => {
          size += piece.length
          if (size <= maxReplyBytes) pieces.push(piece)
          else
            fail(protocolError(`an answer of more than ${maxReplyBytes} bytes (maxReplyBytes) from ${address}`, null))
        })
        // Not emitted where the connection ends before the reply does; that is an error.
        reply.on('end', () => {
          signal.removeEventListener('abort', onAbort)
          resolve(httpReply(reply, Buffer.concat(pieces).toString()))
        })
        reply.on('error', onError)
      },
    )
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', onAbort)
      // Ends the connection: nothing that comes late can be taken for the answer to another request.
      outgoing.destroy()
      reject(reason)
    }
    const onAbort = (): void => fail(signal.reason)
    const onError = (cause: unknown): void => fail(httpConnectionError(address, cause, outgoing.reusedSocket))
    outgoing.on('error', onError)
    // Another protocol is to follow, which nobody asked for. Without a listener the call would never come to an end.
    outgoing.on('upgrade', (reply, socket) => {
      socket.destroy()
      signal.removeEventListener('abort', onAbort)
      resolve(httpReply(reply, ''))
    })
    signal.addEventListener('abort', onAbort, { once: true })
    outgoing.end(body)
  })
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
  return { status: statusCode, statusText: statusMessage, location: headers.location, text }
}
