import { describe, test } from 'vitest'
import { clientTransportSuite, serverTransportSuite } from '../src/index.js'
import { referenceClientHarness } from './reference/client-harness.js'
import { ReferenceServer } from './reference/server.js'
import { referenceServerHarness } from './reference/server-harness.js'

describe('the honest reference transport keeps every promise', () => {
  serverTransportSuite({ ...referenceServerHarness(), test, describe })
  clientTransportSuite({ ...referenceClientHarness(), test, describe })
})

describe('a transport that can do less passes with its traits declared', () => {
  const make = (options: ConstructorParameters<typeof ReferenceServer>[0]) => new ReferenceServer(options)
  serverTransportSuite(
    {
      ...referenceServerHarness(make, { maxReplyBytes: 20_000, oversize: 'counted', provisional: 'never' }),
      test,
      describe,
    },
    {
      maxReplyBytes: 20_000,
      maxRequestBytes: 30_000,
      requestLimit: 'counted',
      provisional: 'never',
      newlines: false,
      slowPeers: 'unnoticed',
      vanishedPeers: 'unnoticed',
      relisten: false,
      listenCanFail: false,
      stream: false,
    },
  )
})

describe('a transport that sends provisional answers with the final one passes with that trait', () => {
  const make = (options: ConstructorParameters<typeof ReferenceServer>[0]) => new ReferenceServer(options)
  serverTransportSuite(
    { ...referenceServerHarness(make, { provisional: 'withFinal' }), test, describe },
    { provisional: 'withFinal' },
  )
})
