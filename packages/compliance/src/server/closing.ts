import assert from 'node:assert/strict'
import { descriptorsAreListed, type Leftover, type LeftoverCheck, leavesNothing } from '../leftovers.js'
import { HeldAnswers } from '../recording-dispatcher.js'
import type { ServerHarness } from '../server-harness.js'
import type { CaseBuilder } from '../test-runner.js'
import { answerText, requestText, sameText } from '../texts.js'
import type { ServerTraits } from '../traits.js'
import { someTurns } from '../waiting.js'
import { askAndStall, askAndVanish, holdMarked, largeToSlow } from './peers.js'
import { type ServerSession, withServer } from './session.js'

/** What close waits for, and what it leaves. */
export function closingCases(builder: CaseBuilder, harness: ServerHarness, traits: ServerTraits): void {
  builder.add('answers what is in flight before close resolves', async () => {
    const held = new HeldAnswers()
    await withServer(harness, traits, { answer: holdMarked(held) }, async (server) => {
      await server.listen()
      const peer = await server.peer()
      const id = server.id()
      await server.send(peer, requestText(id, 'held'))
      await server.dispatched(1)
      const closing = server.beginClose()
      await server.throughout('close resolved while an answer was owed', () => !closing.isDone())
      held.release()
      await closing.done
      sameText(await server.receive(peer, 'answer to what was in flight'), answerText(id), 'answer')
    })
  })

  builder.add('takes no new requests once close was called', async () => {
    const held = new HeldAnswers()
    await withServer(harness, traits, { answer: holdMarked(held) }, async (server) => {
      await server.listen()
      const waiting = await server.peer()
      const late = await server.peer()
      await server.send(waiting, requestText(server.id(), 'held'))
      await server.dispatched(1)
      const closing = server.beginClose()
      await someTurns()
      const sendLate = (): Promise<void> =>
        // A server that is closing may be out of reach by now; that is as good.
        server.send(late, requestText(server.id(), 'late')).catch(() => undefined)
      await sendLate()
      await server.throughout('a request was taken during close', () => server.dispatcher.requests.length === 1)
      held.release()
      await closing.done
      await sendLate()
      await server.throughout('a request was taken after close', () => server.dispatcher.requests.length === 1)
    })
  })

  const leaves: ReadonlyArray<readonly [string, Leftover]> = [
    ['descriptor', 'descriptors'],
    ['handle that keeps the process alive', 'handles'],
    ['timer', 'timers'],
    ['listener on process', 'listeners'],
  ]
  builder.add('leaves no file after close', () =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      await server.serves('after listen')
      await server.close()
      assert.deepEqual(await server.leftovers(), [], 'files after close')
    }),
  )
  for (const [what, kind] of leaves) {
    builder.addIf(
      kind !== 'descriptors' || descriptorsAreListed,
      'this system does not list the descriptors of a process',
      `leaves no ${what} after close`,
      () =>
        leavesNothing(traits, (check) =>
          withServer(harness, traits, { timers: check.timers }, async (server) => {
            await server.listen()
            await server.serves('after listen')
            await server.end()
            await check.nothingNew('close', [kind])
          }),
        ),
    )
  }
  builder.add('leaves nothing after close when peers had gone, stalled or sent garbage', () =>
    leavesNothing(traits, (check) => closeAfterRoughPeers(harness, traits, check)),
  )
}

async function closeAfterRoughPeers(harness: ServerHarness, traits: ServerTraits, check: LeftoverCheck): Promise<void> {
  const held = new HeldAnswers()
  const heldAnswer = holdMarked(held)
  const largeAnswer = largeToSlow(traits)
  const answer = (request: { text: string }) =>
    request.text.includes('"held"') ? heldAnswer(request) : largeAnswer(request)
  const settings = { replyTimeoutMs: 200 }
  await withServer(harness, traits, { settings, answer, timers: check.timers }, async (server) => {
    await server.listen()
    await sendGarbage(server)
    await askAndVanish(server)
    if (traits.slowPeers === 'counted') await askAndStall(server)
    const staying = await server.peer()
    const id = server.id()
    const before = server.dispatcher.requests.length
    await server.send(staying, requestText(id, 'held'))
    await server.dispatched(before + 1)
    if (traits.stream) await sendPart(server)
    const closing = server.beginClose()
    held.release()
    await closing.done
    assert.deepEqual(await server.leftovers(), [], 'files after close')
    sameText(await server.receive(staying), answerText(id), 'answer to the peer that stayed')
    await server.end()
    await check.nothingNew('close after rough peers')
  })
}

async function sendGarbage(server: ServerSession): Promise<void> {
  const peer = await server.peer()
  await server.write(peer, Uint8Array.from([0x7b, 0xff, 0x22, 0x00, 0x5b, 0x0a]))
  await server.settle(peer)
}

/** A request whose rest never comes. Sent last: where peers share one stream, it spoils what another sends behind it. */
async function sendPart(server: ServerSession): Promise<void> {
  const peer = await server.peer()
  const request = peer.frame(Buffer.from(requestText(server.id())))
  await server.write(peer, request.subarray(0, request.length - 4))
}
