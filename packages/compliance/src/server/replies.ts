import assert from 'node:assert/strict'
import { HeldAnswers, idOf } from '../recording-dispatcher.js'
import type { RawPeer, ServerHarness } from '../server-harness.js'
import type { CaseBuilder } from '../test-runner.js'
import { answerOfSize, answerText, excerpt, oddCharacters, requestText, sameText } from '../texts.js'
import type { ServerTraits } from '../traits.js'
import { type ServerSession, withServer } from './session.js'

const manyPeers = 12

/** What becomes of the dispatcher's answers. */
export function replyCases(builder: CaseBuilder, harness: ServerHarness, traits: ServerTraits): void {
  const carries = async (answer: string | Promise<string>): Promise<void> => {
    const expected = await answer
    await withServer(harness, traits, { answer: () => answer }, async (server) => {
      await server.listen()
      const peer = await server.peer()
      const received = await server.ask(peer, requestText(server.id()))
      sameText(received, expected, 'answer')
      await server.receiveNothing(peer, 'a request is answered once')
      assert.equal(server.dispatcher.requests.length, 1, 'one request was sent; so many were handed over')
      assert.deepEqual(server.dispatcher.drops, [], 'nothing was lost, so nothing is to be counted')
    })
  }

  builder.add('answers a request once, with the very text of the dispatcher', () => carries(answerText(1)))
  builder.add('answers once with a text that the dispatcher promised', () =>
    carries(new Promise((resolve) => setImmediate(() => resolve(answerText(1, 'later'))))),
  )
  builder.add('carries a reply that is not JSON', () => carries('400 Parse_error'))
  builder.add('carries characters of every kind in an answer', () => carries(answerText(1, oddCharacters)))
  builder.addIf(traits.newlines, 'trait newlines is false', 'carries an answer of several lines', () =>
    carries(JSON.stringify({ jsonrpc: '2.0', result: { WD: '/', list: [1, 2] }, id: 1 }, null, '\t')),
  )
  for (const bytes of [60_000, 1_000_000]) {
    const size = Math.min(bytes, traits.maxReplyBytes)
    builder.addIf(
      bytes === 60_000 || size === bytes,
      `trait maxReplyBytes is ${traits.maxReplyBytes}`,
      `carries an answer of ${size} bytes`,
      () => carries(answerOfSize(1, size)),
    )
  }

  builder.addIf(
    Number.isFinite(traits.maxReplyBytes),
    'trait maxReplyBytes is Infinity',
    'counts or replaces an answer that is larger than the wire can carry, and serves on',
    () =>
      withServer(harness, traits, { answer: largeOnce(traits.maxReplyBytes + 1) }, async (server) => {
        await server.listen()
        const peer = await server.peer()
        await server.send(peer, requestText(server.id()))
        await server.dispatched(1)
        const answer = await peer.receive(traits.quietMs)
        if (answer === null) await server.dropped(1)
        else assert.ok(answer.length <= traits.maxReplyBytes, `an answer of ${answer.length} characters came`)
        await server.serves('after an answer that was too large')
      }),
  )

  builder.add('sends nothing when the dispatcher answers null, at once or later', () =>
    withServer(
      harness,
      traits,
      { answer: ({ text }) => (text.includes('later') ? Promise.resolve(null) : null) },
      async (server) => {
        await server.listen()
        for (const param of ['at once', 'later']) {
          const peer = await server.peer()
          await server.send(peer, requestText(undefined, param))
          await server.until(`the notification '${param}' was not handed over`, () =>
            server.dispatcher.requests.some(({ text }) => text.includes(param)),
          )
          await server.receiveNothing(peer, `a notification gets no answer (null ${param})`)
        }
        assert.deepEqual(server.dispatcher.drops, [], 'a notification owes no answer, so nothing is to be counted')
      },
    ),
  )

  builder.add(`gives each of ${manyPeers} peers its own answer, in whatever order the answers are ready`, async () => {
    const held = new HeldAnswers()
    await withServer(harness, traits, { answer: ({ text }) => held.hold(echo(text)) }, async (server) => {
      await server.listen()
      const asked = await askOfMany(server)
      await server.dispatched(manyPeers)
      held.release('reversed')
      await Promise.all(
        asked.map(async ({ peer, id }) => sameText(await server.receive(peer), answerText(id), `answer to peer ${id}`)),
      )
      for (const { peer } of asked.slice(0, 2)) await server.receiveNothing(peer, 'a request is answered once')
      assert.equal(server.dispatcher.requests.length, manyPeers, 'requests handed over')
    })
  })

  builder.add('gives one peer with several requests under way every answer once', async () => {
    const held = new HeldAnswers()
    await withServer(harness, traits, { answer: ({ text }) => held.hold(echo(text)) }, async (server) => {
      await server.listen()
      const peer = await server.peer()
      const ids = [1, 2, 3, 4].map(() => server.id())
      for (const id of ids) await server.send(peer, requestText(id))
      await server.dispatched(ids.length)
      held.release()
      const expected = ids.map((id) => answerText(id))
      const received = await server.receiveCharacters(peer, expected.join('').length)
      for (const answer of expected) {
        assert.equal(received.split(answer).length - 1, 1, `how often ${answer} is in ${excerpt(received)}`)
      }
      await server.receiveNothing(peer, 'every request is answered once')
    })
  })

  builder.add('lets a quick command overtake a slow one', async () => {
    const held = new HeldAnswers()
    const answer = ({ text }: { text: string }) => (text.includes('slow') ? held.hold(echo(text)) : echo(text))
    await withServer(harness, traits, { answer }, async (server) => {
      await server.listen()
      const slow = await server.peer()
      const quick = await server.peer()
      const [slowId, quickId] = [server.id(), server.id()]
      await server.send(slow, requestText(slowId, 'slow'))
      await server.dispatched(1)
      sameText(
        await server.ask(quick, requestText(quickId), 'answer to a quick command while a slow one runs'),
        answerText(quickId),
        'answer to the quick command',
      )
      held.release()
      sameText(await server.receive(slow), answerText(slowId), 'answer to the slow command')
    })
  })
}

async function askOfMany(server: ServerSession): Promise<Array<{ readonly peer: RawPeer; readonly id: number }>> {
  const asked: Array<{ readonly peer: RawPeer; readonly id: number }> = []
  for (let count = 0; count < manyPeers; count++) asked.push({ peer: await server.peer(), id: server.id() })
  await Promise.all(asked.map(({ peer, id }) => server.send(peer, requestText(id))))
  return asked
}

function echo(text: string): string {
  return answerText(idOf(text) ?? 'no id')
}

function largeOnce(bytes: number): (request: { text: string }) => string {
  let first = true
  return ({ text }) => {
    if (!first) return echo(text)
    first = false
    return answerOfSize(1, bytes)
  }
}
