import type { CommandContract, CommandError } from '@mi/contract'
import { describe, expectTypeOf, test } from 'vitest'
import type { BatchReply, MiClient } from '../src/index.js'
import { cache, core } from './support/contracts.js'

declare const client: MiClient

describe('call', () => {
  test('takes the parameters of a recipe and gives the result of the contract', () => {
    expectTypeOf(client.call(cache.store, { system: 's', attr: 'a', value: 'v' })).resolves.toEqualTypeOf<'OK'>()
    expectTypeOf(
      client.call(cache.store, { system: 's', attr: 'a', value: 'v', expire: 5 }),
    ).resolves.toEqualTypeOf<'OK'>()
    expectTypeOf(client.call(cache.mode, { mode: 'on' })).resolves.toEqualTypeOf<'on' | 'off'>()
    expectTypeOf(client.call(core.pwd)).resolves.toEqualTypeOf<{ WD: string }>()
    expectTypeOf(client.call(core.log_level, { level: 3, pid: 4 })).resolves.toEqualTypeOf<unknown>()
  })

  test('lets parameters be left out only where a recipe is empty', () => {
    client.call(core.log_level)
    client.call(core.log_level, undefined, { timeoutMs: 5 })
    client.call(core.log_level, {})
    // @ts-expect-error -- store has no empty recipe
    client.call(cache.store)
    // @ts-expect-error -- nor with empty parameters
    client.call(cache.store, {})
  })

  test('refuses wrong names, types and mixtures', () => {
    // @ts-expect-error -- no such parameter
    client.call(core.log_level, { levl: 3 })
    // @ts-expect-error -- an integer is wanted
    client.call(core.log_level, { level: '3' })
    // @ts-expect-error -- pid alone fits no recipe
    client.call(core.log_level, { pid: 3 })
    // @ts-expect-error -- on or off
    client.call(cache.mode, { mode: 'maybe' })
    // @ts-expect-error -- no such command
    client.call(cache.fetch, {})
    // @ts-expect-error -- no such option
    client.call(core.pwd, {}, { timeout: 5 })
  })

  test('by name takes any array or object and gives unknown', () => {
    interface Params {
      readonly a: number
    }
    const params: Params = { a: 1 }
    expectTypeOf(client.call('any', params)).resolves.toEqualTypeOf<unknown>()
    expectTypeOf(client.call('any', [1, 'b'], { timeoutMs: 0 })).resolves.toEqualTypeOf<unknown>()
    // @ts-expect-error -- a text is neither
    client.call('any', 'text')
  })

  test('takes a contract that is known only at run time', () => {
    const contract: CommandContract = core.pwd
    expectTypeOf(client.call(contract, { a: 1 })).resolves.toEqualTypeOf<unknown>()
  })

  test('types the results that go ahead', () => {
    client.call(core.which, {}, { onProvisional: (names) => expectTypeOf(names).toEqualTypeOf<string[]>() })
    client.call('any', [], { onProvisional: (result) => expectTypeOf(result).toEqualTypeOf<unknown>() })
  })
})

describe('notify', () => {
  test('takes what call takes and gives nothing', () => {
    expectTypeOf(client.notify(core.log_level, { level: 3 })).resolves.toEqualTypeOf<void>()
    client.notify(core.pwd)
    client.notify('any', [1])
    // @ts-expect-error -- value is missing
    client.notify(cache.store, { system: 's', attr: 'a' })
    // @ts-expect-error -- nothing comes back
    client.notify(core.pwd, {}, { onProvisional: () => undefined })
  })
})

describe('batch', () => {
  test('types each answer by its call', async () => {
    const answers = await client.batch([
      [cache.store, { system: 's', attr: 'a', value: 'v' }],
      ['any', [1]],
      ['none'],
      [core.which],
      [cache.mode, { mode: 'on' }],
    ])
    expectTypeOf(answers).toEqualTypeOf<
      [BatchReply<'OK'>, BatchReply<unknown>, BatchReply<unknown>, BatchReply<string[]>, BatchReply<'on' | 'off'>]
    >()
    if (answers[0].error === undefined) expectTypeOf(answers[0].result).toEqualTypeOf<'OK'>()
    else expectTypeOf(answers[0].error).toEqualTypeOf<CommandError>()
    if ('result' in answers[3]) expectTypeOf(answers[3].result).toEqualTypeOf<string[] | undefined>()
  })

  test('checks the parameters of each call', () => {
    // @ts-expect-error -- no such parameter
    client.batch([[core.log_level, { levl: 2 }]])
    // @ts-expect-error -- store has no empty recipe
    client.batch([['any'], [cache.store]])
    // @ts-expect-error -- on or off
    client.batch([[cache.mode, { mode: 'maybe' }]])
  })

  test('takes a list that is made at run time', async () => {
    const answers = await client.batch([1, 2].map((level) => [core.log_level, { level }] as const))
    expectTypeOf(answers).toEqualTypeOf<BatchReply<unknown>[]>()
    const names = await client.batch([1, 2].map(() => [core.which] as const))
    expectTypeOf(names[0]).toEqualTypeOf<BatchReply<string[]> | undefined>()
  })
})

describe('module', () => {
  test('has the commands of its contract as typed functions', () => {
    const local = client.module(cache)
    expectTypeOf(local.store({ system: 's', attr: 'a', value: 'v' }, { timeoutMs: 5 })).resolves.toEqualTypeOf<'OK'>()
    expectTypeOf(client.module(core).which()).resolves.toEqualTypeOf<string[]>()
    // @ts-expect-error -- value is missing
    local.store({ system: 's', attr: 'a' })
    // @ts-expect-error -- no such command
    local.fetch({})
  })
})
