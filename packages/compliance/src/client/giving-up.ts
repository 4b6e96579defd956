import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { isMiError } from '@mi/contract'
import type { CaseBuilder } from '../case-builder.js'
import type { ClientHarness } from '../client-harness.js'
import { leavesNothing } from '../leftover-check.js'
import { idOf } from '../recording-dispatcher.js'
import { answerText, sameText } from '../texts.js'
import type { ClientTraits } from '../traits.js'
import { type ClientSession, withClient } from './session.js'

/** Abort and close with requests under way. */
export function givingUpCases(builder: CaseBuilder, harness: ClientHarness, traits: ClientTraits): void {
  builder.add('rejects with the reason of a signal that has fired already, and sends nothing', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve()
      const reason = new Error('given up before sending')
      const sent = client.ask({ signal: AbortSignal.abort(reason) })
      assert.equal(await sent.error(), reason, 'what the request rejected with')
      await client.throughout('a request was sent although its signal had fired', () => client.received.length === 0)
    }),
  )

  builder.add('rejects with the reason of the signal that fires while it waits', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve()
      const controller = new AbortController()
      const sent = client.ask({ signal: controller.signal })
      await client.arrived(1)
      const reason = new Error('given up while waiting')
      controller.abort(reason)
      assert.equal(await sent.error(), reason, 'what the request rejected with')
    }),
  )

  builder.add('keeps a late answer to an aborted request from the requests that follow', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve()
      const controller = new AbortController()
      const aborted = client.ask({ signal: controller.signal })
      await client.arrived(1)
      controller.abort()
      await aborted.error()
      const next = client.ask()
      await client.arrived(2)
      // The client is free to make the late answer fail on the server's side.
      await client.received[0]?.reply(answerText(aborted.id)).catch(() => undefined)
      await client.throughout('a request settled with an answer that is not its own', () => !next.settled())
      await client.received[1]?.reply(answerText(next.id))
      sameText(await next.answer(), answerText(next.id), 'answer to the next request')
    }),
  )

  builder.add('leaves no file, timer or listener of a request that was aborted or answered', () =>
    leavesNothing(traits, (check) =>
      withClient(harness, traits, check.timers, async (client) => {
        const controller = new AbortController()
        await client.serve(answerUnless('never'))
        await client.ask().answer()
        const before = new Set(await client.leftovers())
        await client.ask({ signal: controller.signal }).answer()
        assert.equal(getEventListeners(controller.signal, 'abort').length, 0, 'abort listeners after an answer')
        const aborted = client.ask({ signal: controller.signal }, 'never')
        await client.arrived(3)
        client.act(() => controller.abort())
        await aborted.error()
        assert.equal(getEventListeners(controller.signal, 'abort').length, 0, 'abort listeners after an abort')
        const left = (await client.leftovers()).filter((path) => !before.has(path))
        assert.deepEqual(left, [], 'files of a request that is over')
        await check.nothingNew('a request that is over', ['timers', 'listeners'])
      }),
    ),
  )

  builder.add('rejects requests under way with MI_CLOSED when it is closed', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve()
      const sent = [client.ask(), client.ask()]
      await client.arrived(2)
      await client.close()
      for (const request of sent) await rejectsWith(request, 'MI_CLOSED')
    }),
  )

  builder.add('rejects a request with MI_CLOSED after it was closed, and sends nothing', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve(answerUnless('never'))
      await client.ask().answer()
      await client.close()
      await rejectsWith(client.ask(), 'MI_CLOSED')
      await client.throughout('a request was sent after close', () => client.received.length === 1)
    }),
  )

  builder.add('may be closed before its first request, and again', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.close()
      await Promise.all([client.close(), client.close()])
    }),
  )
}

/** Answers all requests but those that say so. */
export function answerUnless(
  marker: string,
): (request: { text: string; reply(text: string): Promise<void> }) => Promise<void> {
  return async (received) => {
    const id = idOf(received.text)
    if (!received.text.includes(marker) && id !== undefined && id !== null) await received.reply(answerText(id))
  }
}

export async function rejectsWith(
  sent: ReturnType<ClientSession['ask']>,
  code: 'MI_CLOSED' | 'MI_CONNECTION',
): Promise<Error> {
  const error = await sent.error()
  assert.ok(isMiError(error, code), `the request rejected with ${String(error)} and not with ${code}`)
  return error
}
