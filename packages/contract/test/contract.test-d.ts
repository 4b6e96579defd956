import { describe, expectTypeOf, test } from 'vitest'
import {
  array,
  type CommandContext,
  type CommandContract,
  type CreateTransport,
  type Dispatcher,
  defineModule,
  type Handlers,
  implement,
  int,
  literal,
  object,
  oneOf,
  optional,
  type ParamsOf,
  type ResultOf,
  type ServerTransport,
  type Static,
  schema,
  string,
} from '../src/index.js'
import type { CompileError, NoUnknownKeys } from '../src/module-contract.js'

const core = defineModule('core', {
  log_level: { recipes: [{}, { level: 'int' }, { level: 'int', pid: 'int' }] },
  which: { recipes: [{}, { command: 'string' }], result: array('string') },
  pwd: { recipes: [{}], result: object({ WD: 'string' }) },
})

const cache = defineModule('cache', {
  store: {
    aliases: ['cache_store'],
    recipes: [
      { system: 'string', attr: 'string', value: 'string' },
      { system: 'string', attr: 'string', value: 'string', expire: int({ minimum: 0 }) },
    ],
    result: literal('OK'),
  },
  keys: { recipes: [{ patterns: 'string[]', sizes: 'int[]', deep: 'bool' }] },
})

const tm = defineModule('tm', {
  reply: { namedOnly: true, recipes: [{ code: 'string', reason: 'string' }] },
})

/** Stands for any function that takes a command's parameters, as `client.call` does. */
declare function take<C extends Parameters<typeof keep>[0]>(contract: C, params: ParamsOf<C>): void
declare function keep(contract: {
  readonly recipes: (typeof cache.store | typeof core.log_level | typeof tm.reply)['recipes']
}): void

describe('parameters', () => {
  test('are a union over the recipes', () => {
    expectTypeOf<{ system: string; attr: string; value: string }>().toExtend<ParamsOf<typeof cache.store>>()
    expectTypeOf<{ system: string; attr: string; value: string; expire: number }>().toExtend<
      ParamsOf<typeof cache.store>
    >()
    expectTypeOf<ParamsOf<typeof cache.store>['expire']>().toEqualTypeOf<number | undefined>()
  })

  test('may all be left out where a recipe is empty', () => {
    expectTypeOf<Record<never, never>>().toExtend<ParamsOf<typeof core.log_level>>()
    expectTypeOf<Record<never, never>>().not.toExtend<ParamsOf<typeof cache.store>>()
  })

  test('have the types of their words', () => {
    expectTypeOf<ParamsOf<typeof cache.keys>>().toEqualTypeOf<{ patterns: string[]; sizes: number[]; deep: boolean }>()
  })

  test('are empty for a command without any', () => {
    expectTypeOf<ParamsOf<typeof core.pwd>>().toEqualTypeOf<Record<never, never>>()
  })

  test('of a contract whose definition is not known are of any recipe', () => {
    expectTypeOf<ParamsOf<CommandContract>>().toEqualTypeOf<Record<string, unknown>>()
    expectTypeOf<ResultOf<CommandContract>>().toEqualTypeOf<unknown>()
  })

  test('with wrong names, wrong types or a mixture of recipes do not compile', () => {
    take(core.log_level, {})
    take(core.log_level, { level: 3 })
    take(core.log_level, { level: 3, pid: 12 })
    // @ts-expect-error -- pid alone fits no recipe
    take(core.log_level, { pid: 12 })
    // @ts-expect-error -- no such parameter
    take(core.log_level, { levl: 3 })
    // @ts-expect-error -- an integer is wanted
    take(core.log_level, { level: '3' })
    // @ts-expect-error -- value is missing
    take(cache.store, { system: 'local', attr: 'k', expire: 3 })
    // @ts-expect-error -- not optional: no recipe is empty
    take(cache.store, {})
    // @ts-expect-error -- this parameter has a type of its own, also behind the others
    take(cache.store, { system: 'local', attr: 'k', value: 'v', expire: 'soon' })
  })

  test('of types that do not exist do not compile', () => {
    // @ts-expect-error -- no such word
    defineModule('m', { x: { recipes: [{ level: 'integer' }] } })
    // @ts-expect-error -- recipes are a list
    defineModule('m', { x: { recipes: { level: 'int' } } })
  })

  test('and misspelt words of a definition do not compile', () => {
    // @ts-expect-error -- `aliases` is meant
    defineModule('m', { x: { recipes: [{}], alias: ['m_x'] } })
    // @ts-expect-error -- `timeoutMs` is meant, also in the second command
    defineModule('m', { x: { recipes: [{}] }, y: { recipes: [{}], timeout: 5 } })
  })
})

describe('what is wrong in a contract is a text that the compiler shows', () => {
  test('for misspelt words of a definition and descriptions of other parameters', () => {
    type Wrong = NoUnknownKeys<{ x: { recipes: [{ a: 'int' }]; alias: ['m_x']; params: { b: 'text' } } }>['x']
    expectTypeOf<Wrong['alias']>().toEqualTypeOf<CompileError<"a command has no key 'alias'">>()
    expectTypeOf<Wrong['params']['b']>().toEqualTypeOf<CompileError<"no recipe has a parameter 'b'">>()
  })

  test('for handlers that the contract has no command for', () => {
    implement(cache, {
      store: () => 'OK',
      keys: () => [],
      // @ts-expect-error -- `store` is meant
      stroe: () => 'OK',
    })
    type Misspelt = Parameters<typeof implement<typeof cache, { stroe(): 'OK' } & Handlers<typeof cache>>>[1]['stroe']
    expectTypeOf<Misspelt>().toExtend<CompileError<"the contract has no command 'stroe'">>()
  })
})

describe('results', () => {
  test('follow from the contract', () => {
    expectTypeOf<ResultOf<typeof cache.store>>().toEqualTypeOf<'OK'>()
    expectTypeOf<ResultOf<typeof core.which>>().toEqualTypeOf<string[]>()
    expectTypeOf<ResultOf<typeof core.pwd>>().toEqualTypeOf<{ WD: string }>()
  })

  test('are unknown where the contract says nothing', () => {
    expectTypeOf<ResultOf<typeof cache.keys>>().toEqualTypeOf<unknown>()
  })
})

describe('builders', () => {
  test('take undefined for a constraint that is not wanted', () => {
    const none: number | undefined = undefined
    int({ minimum: none, maximum: none })
    string({ minLength: none, maxLength: none, pattern: undefined })
    array('int', { minItems: none, maxItems: none })
    object({ host: 'string' }, { additional: undefined })
  })

  test('carry their static types', () => {
    const rich = object({
      host: string({ minLength: 1 }),
      port: optional(int({ minimum: 1 })),
      tags: array(oneOf('int', literal('a', 'b'))),
      extra: schema<{ deep: boolean }>({ type: 'object' }),
    })
    expectTypeOf<Static<typeof rich>>().toEqualTypeOf<{
      host: string
      port?: number
      tags: (number | 'a' | 'b')[]
      extra: { deep: boolean }
    }>()
  })
})

describe('namedOnly', () => {
  test('is part of the contract type', () => {
    expectTypeOf(tm.reply.namedOnly).toEqualTypeOf<true>()
    expectTypeOf(cache.store.namedOnly).toEqualTypeOf<boolean>()
    expectTypeOf(cache.store.method).toEqualTypeOf<'cache:store'>()
  })

  test('parameters are given by name', () => {
    take(tm.reply, { code: '404', reason: 'Not Found' })
    // @ts-expect-error -- by position
    take(tm.reply, ['404', 'Not Found'])
  })
})

describe('implement', () => {
  test('gives each handler its parameters and context, and checks its result', () => {
    implement(cache, {
      store({ system, expire }, ctx) {
        expectTypeOf(system).toEqualTypeOf<string>()
        expectTypeOf(expire).toEqualTypeOf<number | undefined>()
        expectTypeOf(ctx).toEqualTypeOf<CommandContext<'OK'>>()
        return 'OK'
      },
      keys: async () => 5,
    })
    implement(cache, {
      // @ts-expect-error -- the contract promises "OK"
      store: () => 'KO',
      keys: () => null,
    })
    implement(cache, {
      store(_, ctx) {
        ctx.provisional('OK')
        // @ts-expect-error -- the contract promises "OK" of provisional results too
        ctx.provisional('soon')
        return Promise.resolve('OK' as const)
      },
      // @ts-expect-error -- no such parameter
      keys: ({ pattern }) => pattern,
    })
    // Nothing at all is answered "OK": enough where that is the only result.
    implement(cache, { store() {}, keys() {} })
    implement(cache, { async store() {}, keys: async () => {} })
    // @ts-expect-error -- a list is wanted
    implement(core, { which() {}, log_level: () => 1, pwd: () => ({ WD: '/' }) })
    // @ts-expect-error -- a command has no handler
    implement(cache, { store: () => 'OK' as const })
    // @ts-expect-error -- no such command
    implement(tm, { reply: () => 1, other: () => 2 })
  })
})

describe('child processes', () => {
  const log = { debug() {}, info() {}, warn() {}, error() {} }

  test('are offered by engines that can start them, and asked for by transports that check', async () => {
    const without: Dispatcher = { dispatch: () => null, execute: () => ({ value: 'OK' }), drop() {}, log }
    const options = {
      count: 2,
      modules: 'file:///srv/commands.js',
      transport: new URL('file:///srv/child.js'),
      options: {},
      descriptors: [3],
      processType: 'MI Datagram',
    }
    // @ts-expect-error -- the engine may not have it
    await without.startChildren(options)
    const children = await without.startChildren?.(options)
    expectTypeOf(children?.close()).toEqualTypeOf<Promise<void> | undefined>()
    // @ts-expect-error -- nobody says what `ps` is to call them
    await without.startChildren?.({ ...options, processType: undefined })
    without.drop('child_died', { pid: 1 }, 12)
  })

  test('get their transport from a function, at once or later', () => {
    const transport = (): ServerTransport => ({
      name: 'lines',
      address: '/run/lines',
      settings: {},
      listen: async () => {},
      close: async () => {},
    })
    const later: CreateTransport = async (_options, { descriptors, index }) => {
      expectTypeOf(descriptors).toEqualTypeOf<readonly number[]>()
      expectTypeOf(index).toEqualTypeOf<number>()
      return transport()
    }
    expectTypeOf(later).toExtend<CreateTransport>()
    expectTypeOf(transport).toExtend<CreateTransport>()
  })
})
