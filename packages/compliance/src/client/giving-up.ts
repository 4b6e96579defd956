import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { type AbortListener, isMiError, type RequestSignal } from '@mi/contract'
import type { ClientHarness } from '../client-harness.js'
import { leavesNothing } from '../leftovers.js'
import { idOf } from '../recording-dispatcher.js'
import type { CaseBuilder } from '../test-runner.js'
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

  builder.add('takes a signal that can do no more than the contract says', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve(answerUnless('never'))
      const signal = new PlainSignal()
      const answered = client.ask({ signal })
      sameText(await answered.answer(), answerText(answered.id), 'answer')
      assert.equal(signal.listeners.size, 0, 'listeners after an answer')
      const sent = client.ask({ signal }, 'never')
      await client.arrived(2)
      const reason = new Error('given up while waiting')
      signal.abort(reason)
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

  builder.add('leaves no file, timer or listener of each request that was aborted or answered', () =>
    leavesNothing(traits, (check) =>
      withClient(harness, traits, check.timers, async (client) => {
        const controller = new AbortController()
        await client.serve(answerUnless('never'))
        await client.ask().answer()
        const before = new Set(await client.leftovers())
        check.acceptWhatIsThere()
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

export async function rejectsWith(sent: ReturnType<ClientSession['ask']>, code: 'MI_CONNECTION'): Promise<Error> {
  const error = await sent.error()
  assert.ok(isMiError(error, code), `the request rejected with ${String(error)} and not with ${code}`)
  return error
}

/** A signal that is not an AbortSignal: just what the contract of a transport asks for. */
class PlainSignal implements RequestSignal {
  aborted = false
  reason: unknown
  readonly listeners = new Set<AbortListener>()

  abort(reason: unknown): void {
    this.aborted = true
    this.reason = reason
    const listeners = [...this.listeners]
    this.listeners.clear()
    for (const listener of listeners) {
      if (typeof listener === 'function') listener()
      else listener.handleEvent()
    }
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  addEventListener(_: 'abort', listener: AbortListener): void {
    this.listeners.add(listener)
  }

  removeEventListener(_: 'abort', listener: AbortListener): void {
    this.listeners.delete(listener)
  }
}
