import assert from 'node:assert/strict'
import type { ClientHarness } from '../client-harness.js'
import { idOf } from '../recording-dispatcher.js'
import type { CaseBuilder } from '../test-runner.js'
import {
  answerOfSize,
  answerText,
  oddCharacters,
  requestOfSize,
  requestText,
  sameText,
  unusualRequest,
} from '../texts.js'
import type { ClientTraits } from '../traits.js'
import { withClient } from './session.js'

const manyRequests = 12

/** What is carried, both ways. */
export function answerCases(builder: CaseBuilder, harness: ClientHarness, traits: ClientTraits): void {
  const brings = (request: string, answer: string): Promise<void> =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve((received) => received.reply(answer))
      const sent = client.request(request, { ids: [idOf(request) ?? 1] })
      sameText(await sent.answer(), answer, 'answer')
      sameText(client.received[0]?.text ?? null, request, 'request as the server got it')
      await client.throughout('a request is sent once', () => client.received.length === 1)
    })

  builder.add('carries a request once, as it is, and brings back the answer as it is', () =>
    brings(requestText(1), answerText(1)),
  )
  builder.add('carries white space and escapes as they were written', () =>
    brings(unusualRequest, '{ "id":7 ,\t"result":"\\u00e9\\/" , "jsonrpc":"2.0"}'),
  )
  builder.add('carries characters of every kind, both ways', () =>
    brings(requestText(1, oddCharacters), answerText(1, oddCharacters)),
  )
  builder.addIf(traits.newlines, 'trait newlines is false', 'carries texts of several lines, both ways', () =>
    brings(
      '{\n\t"jsonrpc": "2.0",\n\n  "method": "compliance:run",\n  "id": 1\n}',
      '{\n\t"jsonrpc": "2.0",\n\t"result": [\n\t\t1\n\t],\n\t"id": 1\n}',
    ),
  )
  builder.add('carries an id that is a text, and the answer to it', () => brings(requestText('a-1'), answerText('a-1')))
  builder.add('brings back an error answer as any other', () =>
    brings(requestText(1), '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}'),
  )
  builder.addIf(traits.plainText, 'trait plainText is false', 'brings back a reply that is not JSON as it is', () =>
    brings(requestText(1), '400 Parse_error'),
  )
  for (const bytes of [60_000, 1_000_000]) {
    const request = Math.min(60_000, traits.maxRequestBytes)
    const answer = Math.min(bytes, traits.maxReplyBytes)
    builder.addIf(
      bytes === 60_000 || answer === bytes,
      `trait maxReplyBytes is ${traits.maxReplyBytes}`,
      `carries a request of ${request} and an answer of ${answer} bytes`,
      () => brings(requestOfSize(1, request), answerOfSize(1, answer)),
    )
  }

  builder.add('resolves with null once a notification is sent', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve()
      const text = requestText(undefined, 'notification')
      assert.equal(await client.request(text, {}).answer(), null, 'what a notification resolves with')
      await client.arrived(1)
      sameText(client.received[0]?.text ?? null, text, 'notification as the server got it')
    }),
  )

  builder.add('says once that a request is sent, before its answer', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve()
      let sent = 0
      const onSent = (): void => {
        sent += 1
      }
      const waiting = client.ask({ onSent })
      await client.arrived(1)
      await client.until('onSent was not called', () => sent > 0)
      await client.received[0]?.reply(answerText(waiting.id))
      await waiting.answer()
      assert.equal(sent, 1, 'calls of onSent')
    }),
  )

  builder.add('carries a batch, whose answers come as one text in any order', () =>
    withClient(harness, traits, undefined, async (client) => {
      const answer = `[${answerText(2)},${answerText(1)}]`
      await client.serve((received) => received.reply(answer))
      const batch = `[${requestText(1)},${requestText(undefined)},${requestText(2)}]`
      sameText(await client.request(batch, { ids: [1, 2] }).answer(), answer, 'answer to a batch')
    }),
  )

  builder.add(`gives each of ${manyRequests} requests under way its own answer, when the last comes first`, () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve()
      const sent = Array.from({ length: manyRequests }, () => client.ask())
      await client.arrived(manyRequests)
      // Not awaited one by one: replies that arrive together must be matched too.
      await Promise.all(
        client.received.toReversed().map((received) => received.reply(answerText(idOf(received.text) ?? 0))),
      )
      for (const { id, answer } of sent) sameText(await answer(), answerText(id), `answer to request ${id}`)
      assert.equal(client.received.length, manyRequests, 'requests that the server got')
    }),
  )

  provisionalCases(builder, harness, traits)
}

function provisionalCases(builder: CaseBuilder, harness: ClientHarness, traits: ClientTraits): void {
  const whyNot = `trait provisional is '${traits.provisional}'`
  const steps = ['first step', 'second step', 'third step'].map((step) => answerText(1, step))
  const final = answerText(1, 'done')

  builder.addIf(
    traits.provisional !== 'never',
    whyNot,
    'hands over provisional answers in their order, and resolves with the final one alone',
    () =>
      withClient(harness, traits, undefined, async (client) => {
        await client.serve(async (received) => {
          for (const step of steps) await received.provisional(step)
          await received.reply(final)
        })
        const seen: string[] = []
        const sent = client.request(requestText(1), { ids: [1], onProvisional: (text) => seen.push(text) })
        sameText(await sent.answer(), final, 'final answer')
        assert.deepEqual(seen, steps, 'provisional answers')
      }),
  )
  builder.addIf(
    traits.provisional !== 'never',
    whyNot,
    'resolves with the final answer when nobody asked for the provisional ones',
    () =>
      withClient(harness, traits, undefined, async (client) => {
        await client.serve(async (received) => {
          for (const step of steps) await received.provisional(step)
          await received.reply(final)
        })
        sameText(await client.request(requestText(1), { ids: [1] }).answer(), final, 'final answer')
      }),
  )
  builder.addIf(
    traits.provisional === 'atOnce',
    whyNot,
    'hands over a provisional answer at once, while the final one is awaited',
    () =>
      withClient(harness, traits, undefined, async (client) => {
        await client.serve()
        const seen: string[] = []
        const sent = client.request(requestText(1), { ids: [1], onProvisional: (text) => seen.push(text) })
        await client.arrived(1)
        for (const step of steps) {
          await client.received[0]?.provisional(step)
          await client.until(`provisional answer ${step} was not handed over`, () => seen.includes(step))
        }
        assert.equal(sent.settled(), undefined, 'the request is under way until the final answer')
        await client.received[0]?.reply(final)
        sameText(await sent.answer(), final, 'final answer')
        assert.deepEqual(seen, steps, 'provisional answers')
      }),
  )
}
