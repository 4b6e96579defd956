import type { ClientTransport } from '@mi/contract'
import { HttpTransport } from './http-transport.js'
import { type HttpTransportOptions, resolveHttpOptions } from './options.js'

export type { HttpTlsOptions, HttpTransportOptions } from './options.js'

/**
 * Carries a client's requests over HTTP or HTTPS to mi_http of OpenSIPS, or to any server that takes JSON-RPC by POST.
 * Connections are kept open between calls. Nothing is opened before the first request.
 *
 * It uses node:http and node:https: the fetch of Node.js takes no certificates, and undici, which does, is larger than
 * all of this package and what it depends on.
 * @throws TypeError for what is no URL, user or header, RangeError for a number out of bounds
 */
export function http(options: HttpTransportOptions = {}): ClientTransport {
  return new HttpTransport(resolveHttpOptions(options))
}
