import { type ClientUnderTest, clientTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { http } from '../src/http/http.js'
import { freeTcpPort } from './support/http-responder.js'
import { RawHttpServer } from './support/raw-http-server.js'

async function create(): Promise<ClientUnderTest> {
  const port = await freeTcpPort()
  return {
    transport: http({ url: `http://127.0.0.1:${port}/mi` }),
    address: `http://127.0.0.1:${port}/mi`,
    server: new RawHttpServer(port, '/mi'),
    leftovers: async () => [],
    cleanup: async () => undefined,
  }
}

describe('http', () => {
  // A request has one response, which nothing can go ahead of.
  clientTransportSuite({ create, test, describe }, { provisional: 'never' })
})
