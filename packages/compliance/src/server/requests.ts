import assert from 'node:assert/strict'
import type { ServerHarness } from '../server-harness.js'
import type { CaseBuilder } from '../test-runner.js'
import { answerText, excerpt, oddCharacters, requestOfSize, requestText, sameText, unusualRequest } from '../texts.js'
import type { ServerTraits } from '../traits.js'
import { withServer } from './session.js'

/** How a request reaches the dispatcher. */
export function requestCases(builder: CaseBuilder, harness: ServerHarness, traits: ServerTraits): void {
  const handsOver = (request: string): Promise<void> =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      const peer = await server.peer()
      await server.send(peer, request)
      await server.dispatched(1)
      sameText(server.dispatcher.requests[0]?.text ?? null, request, 'request as the dispatcher got it')
      await server.throughout('a request is handed over once', () => server.dispatcher.requests.length === 1)
    })

  builder.add('hands a request over as it was written, white space and escapes included', () =>
    handsOver(unusualRequest),
  )
  builder.add('hands over characters of every kind', () => handsOver(requestText(1, oddCharacters)))
  builder.addIf(traits.newlines, 'trait newlines is false', 'hands over a request of several lines', () =>
    handsOver('{\r\n\t"jsonrpc": "2.0",\n\n  "method": "compliance:run",\n  "id": 8\n}'),
  )
  builder.add('hands over a batch', () => handsOver(`[${requestText(1)}, ${requestText(undefined)},${requestText(2)}]`))
  const large = Math.min(60_000, traits.maxRequestBytes)
  builder.add(`hands over a request of ${large} bytes`, () => handsOver(requestOfSize(1, large)))

  builder.add("names itself in the peer: peer.transport is the transport's name", () =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      await server.serves('after listen')
      assert.equal(server.dispatcher.requests[0]?.peer.transport, server.transport.name)
    }),
  )

  builder.addIf(
    traits.stream,
    'trait stream is false',
    'puts a request together that arrives in pieces, cut within a character',
    () =>
      withServer(harness, traits, {}, async (server) => {
        await server.listen()
        const peer = await server.peer()
        const id = server.id()
        const request = requestText(id, 'é漢😀é漢😀')
        const bytes = Buffer.from(peer.frame(Buffer.from(request)))
        // Within the four bytes of the first emoji; before the last byte of the request: what follows it may be left out.
        const cuts = [1, bytes.indexOf(Buffer.from('😀')) + 2, bytes.indexOf(request) + Buffer.byteLength(request) - 1]
        let from = 0
        for (const cut of cuts) {
          await server.write(peer, bytes.subarray(from, cut))
          from = cut
          await server.throughout('part of a request was handed over', () => server.dispatcher.requests.length === 0)
        }
        await server.write(peer, bytes.subarray(from))
        await server.dispatched(1)
        sameText(server.dispatcher.requests[0]?.text ?? null, request, 'request put together')
        sameText(await server.receive(peer), answerText(id), 'answer')
      }),
  )

  builder.addIf(traits.stream, 'trait stream is false', 'takes several requests out of one write', () =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      const peer = await server.peer()
      const requests = [1, 2, 3].map(() => requestText(server.id(), 'together'))
      await server.write(peer, Buffer.concat(requests.map((request) => peer.frame(Buffer.from(request)))))
      await server.dispatched(requests.length)
      assert.deepEqual(
        server.dispatcher.requests.map(({ text }) => text),
        requests,
        'requests as the dispatcher got them',
      )
    }),
  )

  for (const [what, bytes] of garbage) {
    builder.add(`accounts for ${what} and serves on`, () =>
      withServer(harness, traits, {}, async (server) => {
        await server.listen()
        const peer = await server.peer()
        await server.write(peer, bytes)
        await server.serves(`after ${what}`)
        const answer = await peer.receive(traits.quietMs)
        // What is cut off by the peer's leaving is known to be garbage only then.
        await server.settle(peer)
        if (answer === null) {
          await server.until(`nothing tells of ${what}: not handed over, answered or dropped`, () => {
            const { requests, drops } = server.dispatcher
            return requests.length > 1 || drops.length > 0
          })
        }
        await server.serves(`after ${what}, once its sender has gone`)
      }),
    )
  }

  builder.add('accounts for a request that is not valid UTF-8 and serves on', () =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      const peer = await server.peer()
      const request = Buffer.from(requestText(server.id(), 'bad: ??'))
      request.set([0xff, 0xc3], request.indexOf('??'))
      await server.send(peer, request)
      await server.until('a request that is not valid UTF-8 was neither handed over nor dropped', () => {
        const { requests, drops } = server.dispatcher
        return requests.length + drops.length > 0
      })
      await server.serves('after a request that is not valid UTF-8')
    }),
  )

  limitCases(builder, harness, traits)
}

const garbage: ReadonlyArray<readonly [string, Uint8Array]> = [
  ['a line that is not a request', Buffer.from('GET / HTTP/1.0 ::{]}"\n')],
  [
    'bytes that are not text',
    Uint8Array.from([0xff, 0xfe, 0, 1, 2, 0x80, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x7b, 0x22, 0x0a]),
  ],
]

function limitCases(builder: CaseBuilder, harness: ServerHarness, traits: ServerTraits): void {
  const maxRequestBytes = 8192
  const whyNot = `trait requestLimit is '${traits.requestLimit}'`
  const oversize = (check: (answer: string | null, drops: number) => void): Promise<void> =>
    withServer(harness, traits, { settings: { maxRequestBytes } }, async (server) => {
      await server.listen()
      const peer = await server.peer()
      const request = requestOfSize(server.id(), 20_000)
      // A server may hang up in the middle of it.
      await server.send(peer, request).catch(() => undefined)
      if (traits.requestLimit === 'counted') await server.dropped(1)
      const answer =
        traits.requestLimit === 'answered' ? await server.receive(peer, 'answer that names the limit') : null
      check(answer, server.dispatcher.drops.length)
      await server.serves('after a request over the limit')
      assert.equal(server.dispatcher.requests.length, 1, 'requests handed over, without the one over the limit')
      const id = server.id()
      const fitting = await server.ask(await server.peer(), requestOfSize(id, maxRequestBytes / 2))
      sameText(fitting, answerText(id), 'answer to a request of half the limit')
    })

  builder.addIf(
    traits.requestLimit === 'answered',
    whyNot,
    'answers a request over the limit with a text that names the limit, and serves on',
    () =>
      oversize((answer) => {
        const digits = answer?.replaceAll(/(?<=\d)[,._ ](?=\d{3})/g, '') ?? ''
        assert.ok(digits.includes(String(maxRequestBytes)), `${excerpt(answer ?? '')} does not name ${maxRequestBytes}`)
      }),
  )
  builder.addIf(
    traits.requestLimit === 'counted',
    whyNot,
    'counts a request over the limit as dropped, and serves on',
    () => oversize((_, drops) => assert.equal(drops, 1, 'drops')),
  )
}
