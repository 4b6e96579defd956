import { createClient, type MiClient, type Middleware } from '../../src/index.js'
import { type UdpTransportOptions, udp } from '../../src/udp/udp.js'
import { watchLeftovers } from './leftovers.js'
import { UdpResponder } from './udp-responder.js'

/** A server end over UDP and a client for it. */
export interface UdpFixture extends AsyncDisposable {
  readonly server: UdpResponder
  readonly port: number
  readonly client: MiClient
  /** A further client, closed with the fixture. */
  makeClient(options?: Partial<UdpTransportOptions>, timeoutMs?: number, middleware?: readonly Middleware[]): MiClient
}

/** Closes all at its end, and then fails unless no descriptor or listener is left. */
export async function udpFixture(): Promise<UdpFixture> {
  const nothingLeft = watchLeftovers()
  const server = await new UdpResponder().listen()
  const { port } = server
  const clients: MiClient[] = []
  const makeClient = (
    options: Partial<UdpTransportOptions> = {},
    timeoutMs = 20_000,
    middleware: readonly Middleware[] = [],
  ): MiClient => {
    const client = createClient(udp({ port, ...options }), { timeoutMs, middleware })
    clients.push(client)
    return client
  }
  return {
    server,
    port,
    client: makeClient(),
    makeClient,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client.close()
      await server.close()
      await nothingLeft()
    },
  }
}
