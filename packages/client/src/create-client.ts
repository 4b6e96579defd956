import { Client } from './client.js'
import { type ClientOptions, resolveClientOptions } from './client-options.js'
import type { MiClient } from './mi-client.js'

/**
 * Makes a client. Nothing is opened before the first request.
 * @throws TypeError for what is no transport or middleware, RangeError for a `timeout` that is none
 */
export function createClient(options: ClientOptions): MiClient {
  return new Client(resolveClientOptions(options))
}
