import assert from 'node:assert/strict'
import { isMiError } from '@mi/contract'
import { leavesNothing } from '../leftovers.js'
import type { ServerHarness } from '../server-harness.js'
import type { CaseBuilder } from '../test-runner.js'
import type { ServerTraits } from '../traits.js'
import { withServer } from './session.js'

/** Creating, listening, closing, and listening again. */
export function lifecycleCases(builder: CaseBuilder, harness: ServerHarness, traits: ServerTraits): void {
  builder.add('opens nothing until it listens', () =>
    leavesNothing(traits, (check) =>
      withServer(harness, traits, { timers: check.timers }, async (server) => {
        assert.deepEqual(await server.leftovers(), [], 'creating the transport made files')
        await check.nothingNew('creating the transport')
      }),
    ),
  )

  builder.add('serves as soon as listen has resolved', () =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      await server.serves('after listen')
    }),
  )

  builder.addIf(
    traits.listenCanFail,
    'trait listenCanFail is false',
    'rejects listen with MI_LISTEN, naming its address, where it cannot listen, and leaves nothing',
    () =>
      leavesNothing(traits, (check) =>
        withServer(harness, traits, { timers: check.timers, impossible: true }, async (server) => {
          const failure = await server.listen().then(
            () => assert.fail('listen resolved, although the harness says that it cannot'),
            (error: unknown) => error,
          )
          assert.ok(isMiError(failure, 'MI_LISTEN'), `listen rejected with ${String(failure)} and not with MI_LISTEN`)
          const { address } = server.transport
          assert.ok(failure.message.includes(address), `the message does not name ${address}: ${failure.message}`)
          assert.deepEqual(await server.leftovers(), [], 'a listen that failed left files')
          await check.nothingNew('a listen that failed')
          await server.close()
        }),
      ),
  )

  builder.add('may be closed before it has listened', () =>
    withServer(harness, traits, {}, async (server) => {
      await server.close()
    }),
  )

  builder.add('may be closed again, also while it closes', () =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      await Promise.all([server.close(), server.close()])
      await server.close()
      assert.deepEqual(await server.leftovers(), [], 'files after close')
    }),
  )

  builder.addIf(traits.relisten, 'trait relisten is false', 'listens and serves again after close', () =>
    withServer(harness, traits, {}, async (server) => {
      await server.listen()
      await server.serves('after the first listen')
      await server.close()
      await server.listen()
      await server.serves('after the second listen')
    }),
  )
}
