import { serverTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { datagramHarness } from './support/harness.js'

const limits = { stream: false, maxRequestBytes: 65_457, maxReplyBytes: 65_457 } as const

describe.each(['udp4', 'udp6'] as const)('over %s', (way) => {
  // Nothing tells what becomes of a datagram that was sent over UDP.
  serverTransportSuite(
    { ...datagramHarness(way), test, describe },
    { ...limits, vanishedPeers: 'unnoticed', slowPeers: 'unnoticed' },
  )
})

describe('over a UNIX socket', () => {
  // The queue of a socket holds 11 datagrams; so large that these fit the send buffer of every machine.
  serverTransportSuite(
    { ...datagramHarness('unix'), test, describe },
    { ...limits, slowReplies: 20, slowReplyBytes: 8_000 },
  )
})

describe('over a UNIX socket, with peers that are connected to it', () => {
  // The kernel does not bound the queue of a peer that is connected to the sender; what it bounds is the sender's buffer.
  serverTransportSuite({ ...datagramHarness('unix', true), test, describe }, { ...limits, slowPeers: 'unnoticed' })
})
