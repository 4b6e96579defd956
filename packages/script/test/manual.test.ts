import { defineModule, implement, type MiModule } from '@mi/contract'
import { createMi } from '@mi/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { createScript, type Script } from '../src/index.js'

/** The commands of the examples, which answer the parameters that they were called with. */
function manualModules(): MiModule[] {
  const modules = {
    shm: { check: { aliases: ['shm_check'], recipes: [{}] } },
    cache: { remove: { aliases: ['cache_remove'], recipes: [{ system: 'string', attr: 'string' }] } },
    dispatcher: { list: { aliases: ['ds_list'], recipes: [{}] } },
    dialog: {
      list: { aliases: ['dlg_list'], recipes: [{}, { callid: 'string' }, { callid: 'string', from_tag: 'string' }] },
    },
    freeswitch: {
      subscribe: { aliases: ['fs_subscribe'], recipes: [{ freeswitch_url: 'string', events: 'string[]' }] },
    },
    drouting: { reload: { aliases: ['dr_reload'], recipes: [{}], async: true } },
  } as const
  return Object.entries(modules).map(([name, commands]) => {
    const handlers = Object.keys(commands).map((command) => [command, answer(name === 'drouting')])
    return implement(defineModule(name, commands), Object.fromEntries(handlers))
  })
}

const answer = (later: boolean) => (params: unknown) => (later ? Promise.resolve(params) : params)

describe('the examples of the mi_script manual', () => {
  let script: Script
  beforeEach(() => {
    script = createScript(createMi({ modules: manualModules() }))
  })

  test('mi without params', () => {
    expect(script.mi('shm_check')).toBe(1)
  })

  test('mi with params in command', () => {
    const ret = script.var('ret')
    expect(script.mi('cache_remove local password_user1', ret)).toBe(1)
    expect(ret.get()).toBe('{"system":"local","attr":"password_user1"}')
  })

  test('mi with return', () => {
    expect(script.mi('ds_list', script.var('ret'))).toBe(1)
    expect(script.var('ret').get()).toBe('{}')
  })

  test('mi without return but with indexed params', () => {
    const params = script.avp('params')
    params.push('local')
    params.push('password_user1')
    expect(script.mi('cache_remove', undefined, params)).toBe(1)
    expect(script.mi('cache_remove', script.var('ret'), params)).toBe(1)
    expect(script.var('ret').get()).toBe('{"system":"local","attr":"password_user1"}')
  })

  test('mi with return and named parameters', () => {
    const [dlg, params, vals] = [script.var('dlg'), script.avp('params'), script.avp('vals')]
    params.push('callid')
    vals.push('SEARCH_FOR_THIS_CALLID')
    params.push('from_tag')
    vals.push('SEARCH_FOR_THIS_FROM_TAG')
    expect(script.mi('dlg_list', dlg, params, vals)).toBe(1)
    expect(dlg.get()).toBe('{"callid":"SEARCH_FOR_THIS_CALLID","from_tag":"SEARCH_FOR_THIS_FROM_TAG"}')
  })

  test('mi without return, with an array parameter value', () => {
    const [params, vals] = [script.avp('params'), script.avp('vals')]
    params.push('freeswitch_url', 'events')
    vals.push('fs://:ClueCon@192.168.20.8:8021', '__array(HEARTBEAT BACKGROUND_JOB)')
    expect(script.mi('fs_subscribe', undefined, params, vals)).toBe(1)
    expect(script.mi('fs_subscribe', script.var('ret'), params, vals)).toBe(1)
    expect(script.var('ret').get()).toBe(
      '{"freeswitch_url":"fs://:ClueCon@192.168.20.8:8021","events":["HEARTBEAT","BACKGROUND_JOB"]}',
    )
  })

  test('async mi call usage', async () => {
    const ret = script.var('ret')
    expect(await script.async.mi('dr_reload', ret)).toBe(1)
    expect(ret.get()).toBe('{}')
  })
})
