import assert from 'node:assert/strict'
import type { ClientHarness } from '../client-harness.js'
import { descriptorsAreListed, type Leftover, leavesNothing } from '../leftovers.js'
import type { CaseBuilder } from '../test-runner.js'
import { answerText, sameText } from '../texts.js'
import type { ClientTraits } from '../traits.js'
import { answerUnless, rejectsWith } from './giving-up.js'
import { type ClientSession, withClient } from './session.js'

/** Servers that are not there, go away and come back; and what close leaves. */
export function connectionCases(builder: CaseBuilder, harness: ClientHarness, traits: ClientTraits): void {
  builder.addIf(
    traits.absentServer === 'noticed',
    `trait absentServer is '${traits.absentServer}'`,
    'rejects with MI_CONNECTION, naming the address, when there is no server',
    () =>
      withClient(harness, traits, undefined, async (client) => {
        const { message } = await rejectsWith(client.ask(), 'MI_CONNECTION')
        assert.ok(message.includes(client.address), `the message does not name ${client.address}: ${message}`)
      }),
  )
  builder.addIf(
    traits.absentServer === 'unnoticed',
    `trait absentServer is '${traits.absentServer}'`,
    'waits until its signal fires when there is no server',
    () =>
      withClient(harness, traits, undefined, async (client) => {
        await waitsForItsSignal(client)
      }),
  )

  builder.addIf(
    traits.vanishedServer === 'noticed',
    `trait vanishedServer is '${traits.vanishedServer}'`,
    'rejects requests under way with MI_CONNECTION when the server goes away',
    () =>
      withClient(harness, traits, undefined, async (client) => {
        await client.serve()
        const sent = [client.ask(), client.ask()]
        await client.arrived(2)
        await client.vanish()
        for (const request of sent) await rejectsWith(request, 'MI_CONNECTION')
      }),
  )
  builder.addIf(
    traits.vanishedServer === 'unnoticed',
    `trait vanishedServer is '${traits.vanishedServer}'`,
    'waits until its signal fires when the server goes away',
    () =>
      withClient(harness, traits, undefined, async (client) => {
        await client.serve()
        await waitsForItsSignal(client, async () => {
          await client.arrived(1)
          await client.vanish()
        })
      }),
  )

  builder.add('reaches a server that was away and came back', () =>
    withClient(harness, traits, undefined, async (client) => {
      await client.serve(answerUnless('never'))
      await client.ask().answer()
      await client.vanish()
      await client.serve(answerUnless('never'))
      await reachesAgain(client)
    }),
  )

  const leaves: ReadonlyArray<readonly [string, Leftover]> = [
    ['descriptor', 'descriptors'],
    ['handle that keeps the process alive', 'handles'],
    ['timer', 'timers'],
    ['listener on process', 'listeners'],
  ]
  builder.add('leaves no file after close, with an answered, an aborted and a waiting request', () =>
    withClient(harness, traits, undefined, async (client) => {
      await closeInMidstream(client)
      assert.deepEqual(await client.leftovers(), [], 'files after close')
    }),
  )
  for (const [what, kind] of leaves) {
    builder.addIf(
      kind !== 'descriptors' || descriptorsAreListed,
      'this system does not list the descriptors of a process',
      `leaves no ${what} after close, with an answered, an aborted and a waiting request`,
      () =>
        leavesNothing(traits, (check) =>
          withClient(harness, traits, check.timers, async (client) => {
            await closeInMidstream(client)
            await client.vanish()
            await check.nothingNew('close', [kind])
          }),
        ),
    )
  }
  builder.add('leaves nothing of requests that found no server', () =>
    leavesNothing(traits, (check) =>
      withClient(harness, traits, check.timers, async (client) => {
        const controller = new AbortController()
        const sent = client.ask({ signal: controller.signal })
        if (traits.absentServer === 'unnoticed') client.act(() => controller.abort())
        await sent.error()
        await client.close()
        assert.deepEqual(await client.leftovers(), [], 'files after close')
        await check.nothingNew('a request that found no server')
      }),
    ),
  )
}

/** The loss of a connection may show only when it is used: a first request may fail with MI_CONNECTION, not all of them. */
async function reachesAgain(client: ClientSession): Promise<void> {
  const deadline = performance.now() + client.traits.waitMs
  for (;;) {
    const again = client.ask()
    await client.until('a request to the server that came back did not settle', () => again.settled() !== undefined)
    if (again.settled()?.type === 'answered' || performance.now() > deadline) {
      sameText(await again.answer(), answerText(again.id), 'answer of the server that came back')
      return
    }
    await rejectsWith(again, 'MI_CONNECTION')
  }
}

async function waitsForItsSignal(client: ClientSession, underWay?: () => Promise<void>): Promise<void> {
  const controller = new AbortController()
  const sent = client.ask({ signal: controller.signal })
  await underWay?.()
  await client.throughout('the request settled by itself', () => sent.settled() === undefined)
  const reason = new Error('given up')
  controller.abort(reason)
  assert.equal(await sent.error(), reason, 'what the request rejected with')
}

async function closeInMidstream(client: ClientSession): Promise<void> {
  await client.serve(answerUnless('never'))
  await client.ask().answer()
  const controller = new AbortController()
  const aborted = client.ask({ signal: controller.signal }, 'never')
  const closing = new AbortController()
  const waiting = client.ask({ signal: closing.signal }, 'never')
  await client.arrived(3)
  client.act(() => controller.abort())
  await aborted.error()
  // As a client does when it is closed.
  client.act(() => closing.abort())
  await waiting.error()
  await client.close()
}
