import assert from 'node:assert/strict'
import { HeldAnswers } from '../recording-dispatcher.js'
import type { ServerHarness } from '../server-harness.js'
import type { CaseBuilder } from '../test-runner.js'
import { answerText, requestText, sameText } from '../texts.js'
import type { ServerTraits } from '../traits.js'
import { withServer } from './session.js'

const steps = ['first step', 'second step', 'third step'].map((step) => answerText(1, step))
const final = answerText(1, 'done')

/** Answers ahead of the final one. */
export function provisionalCases(builder: CaseBuilder, harness: ServerHarness, traits: ServerTraits): void {
  const whyNot = `trait provisional is '${traits.provisional}'`

  const inSteps = async (checkSteps: boolean): Promise<void> => {
    const held = new HeldAnswers()
    await withServer(harness, traits, { answer: () => held.hold(final) }, async (server) => {
      await server.listen()
      const peer = await server.peer()
      await server.send(peer, requestText(1))
      await server.dispatched(1)
      const onProvisional = server.dispatcher.requests[0]?.onProvisional
      assert.ok(onProvisional !== undefined, 'the transport gave the dispatcher no onProvisional')
      for (const step of steps) {
        onProvisional(step)
        if (checkSteps) sameText(await server.receive(peer, 'provisional answer'), step, 'provisional answer')
      }
      held.release()
      const expected = checkSteps ? final : [...steps, final].join('')
      sameText(await server.receiveCharacters(peer, expected.length), expected, 'answers, in order')
      await server.receiveNothing(peer, 'the final answer comes last, and once')
    })
  }

  builder.addIf(
    traits.provisional !== 'never',
    whyNot,
    'sends provisional answers before the final one, in their order',
    () => inSteps(false),
  )
  builder.addIf(
    traits.provisional === 'atOnce',
    whyNot,
    'sends a provisional answer at once, while the command still runs',
    () => inSteps(true),
  )
  builder.addIf(
    traits.provisional === 'never',
    whyNot,
    'sends the final answer alone when the dispatcher has provisional ones',
    async () => {
      const held = new HeldAnswers()
      await withServer(harness, traits, { answer: () => held.hold(final) }, async (server) => {
        await server.listen()
        const peer = await server.peer()
        await server.send(peer, requestText(1))
        await server.dispatched(1)
        for (const step of steps) server.dispatcher.requests[0]?.onProvisional?.(step)
        held.release()
        sameText(await server.receive(peer), final, 'answer')
        await server.receiveNothing(peer, 'only the final answer is sent')
      })
    },
  )
}
