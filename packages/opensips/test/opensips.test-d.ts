import type { MiClient } from '@mi/client'
import type { CommandContract, ModuleContract, ParamsOf } from '@mi/contract'
import { describe, expectTypeOf, test } from 'vitest'
import {
  aaa_diameter,
  type auth_aka,
  b2b_entities,
  cfgutils,
  config,
  core,
  dialog,
  evi,
  statistics,
  uac_registrant,
} from '../src/index.js'

declare const client: MiClient

describe('a call', () => {
  test('takes the parameters of one of the recipes', () => {
    client.call(dialog.list)
    client.call(dialog.list, { callid: 'a84b4c76e66710' })
    client.call(dialog.list, { index: 0, counter: 10 })
    // @ts-expect-error -- a counter goes with an index
    client.call(dialog.list, { callid: 'a84b4c76e66710', counter: 10 })
    // @ts-expect-error -- an integer is wanted
    client.call(dialog.list, { index: '0', counter: 10 })
    // @ts-expect-error -- no such parameter
    client.call(dialog.list, { call_id: 'a84b4c76e66710' })
    // @ts-expect-error -- no recipe is empty
    client.call(dialog.end_dlg)
  })

  test('takes arrays where the server wants arrays', () => {
    client.call(dialog.push_var, { dlg_val_name: 'n', dlg_val_value: 'v', DID: ['1b2.9a'] })
    // @ts-expect-error -- an array is wanted
    client.call(dialog.push_var, { dlg_val_name: 'n', dlg_val_value: 'v', DID: '1b2.9a' })
    client.call(config.push_bulk, {
      configs: [
        { name: 'a', value: 1 },
        { name: 'b', value: null, description: 'none' },
      ],
    })
    // @ts-expect-error -- the objects have names
    client.call(config.push_bulk, { configs: [{ value: 1 }] })
  })

  test('takes either of two types where the server does', () => {
    client.call(evi.raise, { event: 'E_TEST', params: ['a', 'b'] })
    client.call(evi.raise, { event: 'E_TEST', params: '{"a":1}' })
    client.call(cfgutils.shv_set, { name: 'n', type: 'int', value: 1 })
    client.call(cfgutils.shv_set, { name: 'n', type: 'str', value: 'one' })
    // @ts-expect-error -- neither text nor array
    client.call(evi.raise, { event: 'E_TEST', params: { a: 1 } })
  })

  test('has names that are no identifiers', () => {
    expectTypeOf<ParamsOf<typeof auth_aka.av_add>['confidentiality-key']>().toEqualTypeOf<string>()
    expectTypeOf(uac_registrant.delete.method).toEqualTypeOf<'uac_registrant:delete'>()
  })

  test('of a command with many recipes takes each, and no other', () => {
    const all = { ruri: 'sip:a@x', to: 'sip:a@x', from: 'sip:b@x' }
    client.call(b2b_entities.ua_session_client_start, all)
    client.call(b2b_entities.ua_session_client_start, { ...all, body: 'v=0', content_type: 'application/sdp' })
    // @ts-expect-error -- a content type goes with a body
    client.call(b2b_entities.ua_session_client_start, { ...all, content_type: 'application/sdp' })
  })

  test('of a command without recipes is none', () => {
    // @ts-expect-error -- servers refuse every call
    client.call(aaa_diameter.fd_log_level, {})
  })
})

describe('a result', () => {
  test('is known for core and statistics', () => {
    expectTypeOf(client.call(core.pwd)).resolves.toEqualTypeOf<{ WD: string }>()
    expectTypeOf(client.call(core.ps)).resolves.toEqualTypeOf<{
      Processes: { ID: number; PID: number; Type: string }[]
    }>()
    expectTypeOf(client.call(core.kill)).resolves.toEqualTypeOf<'OK'>()
    expectTypeOf(client.call(statistics.get, { statistics: ['core:'] })).resolves.toEqualTypeOf<
      Record<string, number>
    >()
    expectTypeOf(client.module(statistics).reset_all()).resolves.toEqualTypeOf<'OK'>()
  })

  test('is unknown where nothing is certain', () => {
    expectTypeOf(client.call(dialog.list)).resolves.toEqualTypeOf<unknown>()
    expectTypeOf(client.call(core.xlog_level)).resolves.toEqualTypeOf<unknown>()
  })
})

test('a contract is a contract', () => {
  expectTypeOf(dialog).toExtend<ModuleContract>()
  expectTypeOf(dialog.list).toExtend<CommandContract<'dialog', 'list'>>()
  expectTypeOf(dialog.list.namedOnly).toEqualTypeOf<true>()
  // @ts-expect-error -- the name of 3.5 is an alias
  dialog.dlg_list
})
