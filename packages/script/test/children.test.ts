import type { Children, Dispatcher, ServerTransport } from '@mi/contract'
import { createMi } from '@mi/core'
import { cluster } from '@mi/processes'
import { expect, test } from 'vitest'
import { createScript } from '../src/index.js'
import { beside } from './blocking-support.js'

/** Has one child process serve it. */
class ParentTransport implements ServerTransport {
  readonly name = 'quiet'
  readonly address = 'nowhere'
  readonly settings = {}
  private children: Children | undefined

  async listen(dispatcher: Dispatcher): Promise<void> {
    this.children = await dispatcher.startChildren?.({
      count: 1,
      modules: beside('child-modules.mjs'),
      transport: beside('child-transport.mjs'),
      options: {},
      descriptors: [],
      processType: 'MI Quiet',
    })
  }

  async close(): Promise<void> {
    await this.children?.close()
  }
}

test('with child processes, what must ask them returns -3 at once, and answers the asynchronous form', async () => {
  await using mi = createMi({ processes: cluster(), transports: [new ParentTransport()] })
  await mi.listen()
  const script = createScript(mi)
  const ret = script.var('ret')
  const [name, list] = [['statistics'], ['__array(script:)']] as const
  const calls = [['ps'], ['log_level 2'], ['log_level'], ['get_statistics', name, list]] as const
  for (const [command, params, values] of calls) {
    const outcome = [script.mi(command, ret, params, values), ret.get()]
    // Which of them must ask is the engine's to know; each says so or answers, and none returns a promise.
    expect(outcome[0] === 1 || (outcome[0] === -3 && String(outcome[1]).includes('createBlockingScript()'))).toBe(true)
  }
  expect(script.mi('get_statistics', ret, name, list)).toBe(-3)
  expect(await script.async.mi('get_statistics', ret, name, list)).toBe(1)
  expect(JSON.parse(String(ret.get()))).toMatchObject({ 'script:requests': 6, 'script:drops_answers_later': 2 })
  expect(script.mi('pwd')).toBe(1)
})
