import type { MiClient as InstalledClient } from '@mi/client'
import { describe, expectTypeOf, test } from 'vitest'
import type { CommandHelp, EventParams, EventSubscription, MiClient, Middleware, MiEvent } from '../src/index.js'
import { cache } from './support/contracts.js'

declare const client: MiClient

declare const installed: InstalledClient

declare module '@mi/client' {
  interface KnownEvents {
    E_OF_A_PROGRAM: { readonly n: number }
  }
}

describe('events', () => {
  test('have the parameters that are known', async () => {
    for await (const { event, params } of client.events.subscribe('E_PIKE_BLOCKED')) {
      expectTypeOf(event).toEqualTypeOf<'E_PIKE_BLOCKED'>()
      expectTypeOf(params).toEqualTypeOf<{ readonly ip: string | null }>()
    }
    const { value } = await client.events.subscribe('E_DLG_STATE_CHANGED', { expire: 60 }).next()
    expectTypeOf(value).toExtend<MiEvent<'E_DLG_STATE_CHANGED'> | undefined>()
    if (value !== undefined) expectTypeOf(value.params.new_state).toEqualTypeOf<number>()
  })

  test('that are not known have any parameters', async () => {
    for await (const { params } of client.events.subscribe('E_MINE')) {
      expectTypeOf(params).toEqualTypeOf<EventParams>()
    }
    const name: string = 'E_MINE'
    expectTypeOf(client.events.subscribe(name)).toEqualTypeOf<EventSubscription<string>>()
  })

  test('that a program adds have the parameters that it says', async () => {
    for await (const { params } of installed.events.subscribe('E_OF_A_PROGRAM')) {
      expectTypeOf(params).toEqualTypeOf<{ readonly n: number }>()
    }
  })

  test('take the options of a subscription and no others', () => {
    client.events.subscribe('E_X', { socket: 'tcp:127.0.0.1:0', expire: 60, signal: AbortSignal.timeout(5) })
    // @ts-expect-error -- seconds are a number
    client.events.subscribe('E_X', { expire: '60' })
    // @ts-expect-error -- no such option
    client.events.subscribe('E_X', { expires: 60 })
  })
})

describe('what the server tells of itself', () => {
  test('is typed', () => {
    expectTypeOf(client.commands()).resolves.toEqualTypeOf<readonly string[]>()
    expectTypeOf(client.recipes(cache.store)).resolves.toEqualTypeOf<readonly (readonly string[])[]>()
    expectTypeOf(client.help('pwd', { fresh: true })).resolves.toEqualTypeOf<CommandHelp>()
    expectTypeOf(client.statistics(['core:'], { timeoutMs: 5 })).resolves.toEqualTypeOf<Record<string, number>>()
    // @ts-expect-error -- a list is wanted
    client.statistics('core:')
  })
})

test('a middleware is a function of request and next', () => {
  const middleware: Middleware = async ({ commands }, next) => {
    expectTypeOf(commands[0]?.name).toEqualTypeOf<string | undefined>()
    return next()
  }
  expectTypeOf(middleware).toBeFunction()
})
