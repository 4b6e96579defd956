import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import { peerText } from '../peer-text.js'
import { protocolError } from '../read-reply.js'

/** `receive_buf_size` of httpd in OpenSIPS 3.6, unless it is set: what a request may have in bytes. */
const HTTPD_BUFFER_BYTES = 1024

/** What a server sent back. */
export interface HttpReply {
  readonly status: number
  /** `Not Found`. */
  readonly statusText: string
  /** `text/html`; empty where none is given. */
  readonly type: string
  readonly location: string | undefined
  readonly text: string
}

/**
 * Why there is no reply: `MI_PROTOCOL` where what came is not HTTP or has too large a header, else `MI_CONNECTION`, saying
 * what, where and how to fix it. The system error is the cause.
 * @param reused whether the connection had carried calls before
 */
export function httpConnectionError(address: string, cause: unknown, reused: boolean): MiError {
  const code = errorCode(cause) ?? 'no code'
  if (code === 'HPE_HEADER_OVERFLOW') return protocolError(tooLargeHeader(address), null, { cause })
  if (code.startsWith('HPE_')) return protocolError(`what listens at ${address} does not speak HTTP`, null, { cause })
  return new MiError('MI_CONNECTION', problem(address, code, cause, reused), { cause })
}

/** The limit is that of the process, for everything that it does over HTTP. */
function tooLargeHeader(address: string): string {
  return (
    `the header of a reply from ${address} is too large: over the 16 KiB that Node.js reads, unless ` +
    '--max-http-header-size says otherwise'
  )
}

function problem(address: string, code: string, cause: unknown, reused: boolean): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `no server listens at ${address}; start the server, or give the address and port of its httpd as url`
    case 'ECONNRESET':
    case 'EPIPE':
      return (
        `the server at ${address} closed the connection before it replied; the command may have run` +
        (reused ? '' : '. Check that it speaks HTTP there, and HTTPS where the url says so')
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return `the host name of ${address} cannot be resolved (${code}); check it, or give an IP address`
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
    case 'ETIMEDOUT':
      return `${address} cannot be reached (${code}); check the address, the network and the firewalls between`
    case 'EPROTO':
      return `the server at ${address} does not speak TLS as it should (${code}); check that the port is for https`
    default:
      if (code.startsWith('ERR_OSSL')) {
        return `tls.cert, tls.key or tls.pfx for ${address} cannot be used (${code}); give them as PEM, and their passphrase`
      }
      if (/CERT|SIGNATURE|ISSUER/.test(code)) {
        return (
          `the certificate of ${address} is not trusted (${code}); give its authority as tls.ca, and the name it is ` +
          'for as tls.servername'
        )
      }
      return `cannot send to ${address} (${code}): ${errorText(cause)}`
  }
}

/** `MI_PROTOCOL`: a reply that is longer than the client takes. */
export function tooLongReply(address: string, maxReplyBytes: number): MiError {
  return protocolError(`a reply of more than ${maxReplyBytes} bytes (maxReplyBytes) from ${address}`, null)
}

/** `MI_CONNECTION`: why a stream of events is over. @param end whether the server ended it, or nothing arrived any more */
export function streamEndError(address: string, end: 'ended' | 'silent'): MiError {
  const what = end === 'ended' ? 'the server has ended' : 'nothing arrives any more, not even a sign of life, over'
  return new MiError('MI_CONNECTION', `${what} the stream of events from ${address}`)
}

/**
 * `MI_PROTOCOL`: a reply whose status is not a success. The text is in `data`; the cause has the `status`.
 * @param sentBytes how long the request was
 */
export function httpStatusError(address: string, reply: HttpReply, sentBytes: number): MiError {
  const { status, statusText, text } = reply
  const line = `HTTP ${status} ${peerText(statusText)}`.trim()
  const cause = Object.assign(new Error(line), { status })
  return protocolError(`${line} instead of a reply from ${address}${advice(reply, sentBytes)}`, text, { cause })
}

/** The status of an `httpStatusError`; undefined for any other error. */
export function statusOf(error: unknown): number | undefined {
  const cause: unknown = error instanceof MiError ? error.cause : undefined
  return cause instanceof Error && 'status' in cause && typeof cause.status === 'number' ? cause.status : undefined
}

function advice({ status, type, location, text }: HttpReply, sentBytes: number): string {
  // The server's own words say best what to do; they follow.
  if (type.startsWith('text/plain') && text.trim() !== '') return ''
  switch (status) {
    case 400:
      // httpd has words for a wrong path, and none for a request that is too long.
      return type.startsWith('text/html') ? CHECK_PATH : tooLong(sentBytes)
    case 401:
      return '; check username and password, or token'
    case 403:
      return '; check username and password, and which addresses the server or a proxy before it lets in'
    case 404:
    case 405:
    case 415:
      return CHECK_PATH
    case 413:
      return `; the request has ${sentBytes} bytes: raise the limit of the server or of the proxy before it`
    case 429:
      return '; send fewer at once (maxConcurrent)'
    case 500:
      return type.startsWith('text/html') ? '' : REPLY_TOO_LONG
    case 502:
    case 503:
    case 504:
      return '; a proxy says so where it gets no reply from the server behind it: check that'
    default:
      if (location === undefined || status < 300 || status > 399) return ''
      return `, which names ${peerText(location)}; give that as url`
  }
}

const CHECK_PATH = '; check the path of the url, which is the root of mi_http'

const REPLY_TOO_LONG =
  '; httpd of OpenSIPS answers so where the reply is longer than its buf_size: raise it, modparam("httpd", "buf_size", ...), ' +
  'or use the FIFO'

function tooLong(sentBytes: number): string {
  return (
    `; httpd of OpenSIPS answers so to a request that is longer than its receive_buf_size, ${HTTPD_BUFFER_BYTES} bytes unless ` +
    `it is set, and this one has ${sentBytes}: raise it, modparam("httpd", "receive_buf_size", ${enoughFor(sentBytes)}), ` +
    'or use the FIFO'
  )
}

/** The next power of two. */
function enoughFor(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, 2 * HTTPD_BUFFER_BYTES) + 1))
}
