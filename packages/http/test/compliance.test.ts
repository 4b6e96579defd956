import { serverTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { httpHarness } from './support/harness.js'

describe('over HTTP', () => {
  // The buffers of a TCP connection hold up to some megabytes; a reply has no room for others ahead of it.
  serverTransportSuite({ ...httpHarness(), test, describe }, { provisional: 'never', slowReplyBytes: 8_000_000 })
})

describe('with replies as server-sent events', () => {
  serverTransportSuite(
    { ...httpHarness('Accept: text/event-stream\r\n'), test, describe },
    { slowReplyBytes: 8_000_000 },
  )
})
