import assert from 'node:assert/strict'
import { HeldAnswers, idOf } from '../recording-dispatcher.js'
import type { RawPeer, ServerHarness } from '../server-harness.js'
import type { CaseBuilder } from '../test-runner.js'
import { answerOfSize, answerText, requestText, sameText } from '../texts.js'
import type { ServerTraits } from '../traits.js'
import { someTurns, within } from '../waiting.js'
import { type ServerSession, withServer } from './session.js'

const slow = 'slow reader'

/** Peers that go away or do not read, and what they cost. */
export function peerCases(builder: CaseBuilder, harness: ServerHarness, traits: ServerTraits): void {
  builder.add('serves on when a peer has gone before its answer', async () => {
    const held = new HeldAnswers()
    await withServer(harness, traits, { answer: holdMarked(held) }, async (server) => {
      await server.listen()
      await askAndVanish(server)
      held.release()
      await server.serves('after a peer has gone')
    })
  })

  builder.addIf(
    traits.vanishedPeers === 'counted',
    `trait vanishedPeers is '${traits.vanishedPeers}'`,
    'counts the answer to a peer that has gone as dropped, once, with a reason in snake_case',
    async () => {
      const held = new HeldAnswers()
      await withServer(harness, traits, { answer: holdMarked(held) }, async (server) => {
        await server.listen()
        await askAndVanish(server)
        held.release()
        await server.dropped(1)
        await server.throughout('one lost answer is one drop', () => server.dispatcher.drops.length === 1)
        assert.match(server.dispatcher.drops[0]?.reason ?? '', /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'reason of the drop')
      })
    },
  )

  const slowWhyNot = `trait slowPeers is '${traits.slowPeers}'`
  builder.addIf(
    traits.slowPeers === 'counted',
    slowWhyNot,
    'serves others while a peer does not read its answer',
    () => {
      // So long that only a transport that waits for the slow peer can fail.
      const settings = { replyTimeoutMs: 4 * traits.waitMs }
      return withServer(harness, traits, { settings, answer: largeToSlow(traits) }, async (server) => {
        await server.listen()
        const peer = await askAndStall(server)
        await server.serves('while another peer does not read')
        await server.serves('while another peer still does not read')
        await server.vanish(peer)
      })
    },
  )
  builder.addIf(
    traits.slowPeers === 'counted',
    slowWhyNot,
    'drops and counts the answer to a peer that does not read it in time, and serves on',
    () =>
      withServer(
        harness,
        traits,
        { settings: { replyTimeoutMs: 200 }, answer: largeToSlow(traits) },
        async (server) => {
          await server.listen()
          await askAndStall(server)
          await server.dropped(1)
          await server.throughout(
            'each lost answer is one drop',
            () => server.dispatcher.drops.length <= traits.slowReplies,
          )
          await server.serves('after a peer that did not read')
        },
      ),
  )

  builder.add('accounts for every answer: those that arrived and those dropped are those it was given', async () => {
    const held = new HeldAnswers()
    await withServer(harness, traits, { answer: ({ text }) => held.hold(answerTo(text)) }, async (server) => {
      await server.listen()
      const staying: Array<{ readonly peer: RawPeer; readonly id: number }> = []
      const leaving: RawPeer[] = []
      for (let round = 0; round < 6; round++) {
        const [peer, id] = [await server.peer(), server.id()]
        await server.send(peer, requestText(id))
        staying.push({ peer, id })
        if (traits.vanishedPeers === 'unnoticed') continue
        const gone = await server.peer()
        await server.send(gone, requestText(server.id()))
        leaving.push(gone)
      }
      await server.dispatched(staying.length + leaving.length)
      for (const peer of leaving) await server.vanish(peer)
      await someTurns()
      held.release()
      for (const { peer, id } of staying) sameText(await server.receive(peer), answerText(id), `answer ${id}`)
      await server.dropped(leaving.length)
      await Promise.all(staying.map(({ peer }) => server.receiveNothing(peer, 'a request is answered once')))
      assert.equal(staying.length + server.dispatcher.drops.length, server.dispatcher.owed, 'answered and dropped')
    })
  })
}

/** A peer whose request is under way goes away. */
export async function askAndVanish(server: ServerSession): Promise<void> {
  const peer = await server.peer()
  const before = server.dispatcher.requests.length
  await server.send(peer, requestText(server.id(), 'held'))
  await server.dispatched(before + 1)
  await server.vanish(peer)
  await someTurns()
}

/** A peer asks for more than the system's buffers take, and does not read it. */
export async function askAndStall(server: ServerSession): Promise<RawPeer> {
  const { slowReplies } = server.traits
  const peer = await server.peer()
  await within(server.traits.waitMs, 'harness: stall', peer.stall())
  const before = server.dispatcher.requests.length
  for (let count = 0; count < slowReplies; count++) await server.send(peer, requestText(server.id(), slow))
  // A transport may read no more from a peer that owes it a read: the first answers are enough to be held up by.
  await server.dispatched(before + 1)
  return peer
}

/** Holds back what is marked 'held', answers all else. */
export function holdMarked(held: HeldAnswers): (request: { text: string }) => string | Promise<string | null> {
  return ({ text }) => (text.includes('"held"') ? held.hold(answerTo(text)) : answerTo(text))
}

export function largeToSlow({ slowReplyBytes }: ServerTraits): (request: { text: string }) => string {
  return ({ text }) => (text.includes(slow) ? answerOfSize(idOf(text) ?? 0, slowReplyBytes) : answerTo(text))
}

function answerTo(text: string): string {
  const id = idOf(text)
  return id === undefined || id === null ? '400 Parse_error' : answerText(id)
}
