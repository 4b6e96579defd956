import { coreContract, implement, type ModuleContract, moduleInfo, statisticsContract } from '@mi/contract'
import { createMi } from '@mi/core'
import { describe, expect, test } from 'vitest'
import { bins, core, dialog, statistics, tls } from '../src/index.js'
import { allCommands, allModules } from './support/contracts.js'

/** A module of a contract, each of whose commands answers with its name and parameters. */
function echo(contract: ModuleContract) {
  const { commands } = contract[moduleInfo]
  const handlers = commands.map(({ name, method }) => [name, (params: unknown) => ({ method, params })])
  return implement<ModuleContract, Record<string, never>>(contract, Object.fromEntries(handlers))
}

describe('the contracts can be implemented', () => {
  // The engine brings core and statistics itself.
  const others = allModules.filter((module) => ![core, statistics, bins].some((own) => own === module))

  test('and an engine takes them: all names are its own, all types compile', async () => {
    await using mi = createMi({ modules: others.map(echo) })
    const ask = async (method: string, params: object) =>
      JSON.parse((await mi.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }))) ?? '')
    expect(await ask('dlg_list', { callid: 'a@b' })).toMatchObject({
      result: { method: 'dialog:list', params: { callid: 'a@b' } },
    })
    expect(await ask('dlg_list', ['a@b'])).toMatchObject({ error: { code: -32602 } })
    expect(await ask('evi:raise', ['E_TEST', ['a']])).toMatchObject({
      result: { params: { event: 'E_TEST', params: ['a'] } },
    })
    expect(await ask('cfgutils:shv_set', ['n', 'int', 1])).toMatchObject({ result: { params: { value: 1 } } })
    expect(await ask('callops:hold', ['a@b', 'caller', { any: 1 }])).toMatchObject({
      result: { params: { headers: { any: 1 } } },
    })
    expect(await ask('fd_log_level', [])).toMatchObject({ error: { code: -32602 } })
  })

  test('but not bins beside tls in one engine: in 3.5 both have the name tls_trace', () => {
    expect(() => createMi({ modules: [echo(tls), echo(bins)] })).toThrow("the alias 'tls_trace'")
    expect(() => createMi({ modules: [echo(bins), echo(dialog)] })).not.toThrow()
  })
})

describe('what is known of answers', () => {
  const own = [coreContract, statisticsContract].flatMap((module) => [...module[moduleInfo].commands])

  test.each(own.map((command) => [command.method, command] as const))(
    'is for %s what the engine says',
    (method, ours) => {
      const theirs = allCommands.find((command) => command.method === method)
      expect(theirs?.result).toEqual(ours.result)
      expect(theirs?.idempotent).toBe(ours.idempotent)
      expect(theirs?.recipes.map((recipe) => Object.keys(recipe))).toEqual(
        ours.recipes.map((recipe) => Object.keys(recipe)),
      )
    },
  )

  test('is nothing for the commands that the engine does not have', () => {
    const others = allCommands.filter(({ method }) => !own.some((command) => command.method === method))
    expect(others).toHaveLength(allCommands.length - own.length)
    expect(others.filter(({ result, idempotent }) => result !== undefined || idempotent)).toEqual([])
  })
})
