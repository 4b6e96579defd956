import type { MiClient } from '@mi/client'
import type { Options } from '../arguments/options.js'
import { readSettings } from '../config/read-settings.js'
import type { Terminal } from '../terminal.js'
import { UsageError } from '../usage-error.js'
import { chooseServer, type Server } from './server.js'

/** A client and the server that it is for. */
export interface Connection {
  readonly client: MiClient
  readonly server: Server
}

/**
 * Makes a client for the server that is meant. Nothing is opened before the first call.
 * @throws UsageError for what names no server
 */
export async function openClient(options: Options, { env }: Pick<Terminal, 'env'>): Promise<Connection> {
  const server = chooseServer(options, env.MI_URL, () => readSettings(options.config, options.instance, env.HOME))
  const { replyDir, fallback } = server
  const { connect } = await import('@mi/client')
  try {
    const client = connect(server.url, { timeout: options.timeoutMs, fifo: { replyDir, fallback }, unix: { replyDir } })
    return { client, server }
  } catch (cause) {
    // Without the name of its function, which the user has not called.
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause
    throw new UsageError(`${server.origin}: ${cause.message.replace(/^\w+\(\)(, MI_URL)?: /, '')}`, { cause })
  }
}
