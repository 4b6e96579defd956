import type { AccessCheck, Interceptor } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { beside, childrenOf, runningChildren, serve } from './support.js'

const access: AccessCheck = () => undefined
const interceptors: readonly Interceptor[] = [(_command, _params, _context, next) => next()]

describe('in a child', () => {
  test('commands run behind the access check and the interceptors that the file of its modules exports', async () => {
    await using server = await serve({ count: 1, modules: beside('guarded.mjs') }, { access, interceptors })
    const [child] = await childrenOf(server)
    expect((await server.ask(0, 'work:where')).error).toMatchObject({
      code: -32003,
      data: `not for process ${child?.PID}`,
    })
    expect((await server.ask(0, 'work:count')).result).toEqual({ counted: 1 })
  })

  test('those exports are not used where the main engine has neither', async () => {
    await using server = await serve({ count: 1, modules: beside('guarded.mjs') })
    expect((await server.ask(0, 'work:where')).result).toMatchObject({ inits: 1 })
    expect((await server.ask(0, 'work:count')).result).toBe(1)
  })
})

describe('listen rejects, and leaves no process behind, when the main engine has', () => {
  const work = beside('work.mjs').href
  const exporting = (code: string): string => `data:text/javascript,export * from '${work}'; export const ${code}`

  test.each([
    ['an access check and the file exports none', { access }, work, 'access', 'a function'],
    [
      'an access check and the file exports something else',
      { access },
      exporting('access = {}'),
      'access',
      'a function',
    ],
    ['interceptors and the file exports none', { interceptors }, work, 'interceptors', 'an array of functions'],
    [
      'interceptors and the file exports one that is not a function',
      { interceptors },
      exporting('interceptors = [1]'),
      'interceptors',
      'an array of functions',
    ],
  ])('%s', async (_what, options, modules, name, shape) => {
    await expect(serve({ count: 1, modules }, options)).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: expect.stringContaining(
        `could not start: ${modules} does not export '${name}' (${shape}): createMi() was given ${name}, and functions ` +
          `cannot be sent to a child process; export them from that file too: export const ${name} = ...`,
      ),
    })
    expect(runningChildren()).toBe(0)
  })
})
