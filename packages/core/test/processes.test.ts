import { expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { call, HandTransport } from './support.js'

test('an engine without `processes` is the only process, starts no children and answers without promises', async () => {
  const transport = new HandTransport('hand')
  await using mi = createMi({ transports: [transport], server: { processType: 'attendant' } })
  await mi.listen()
  expect(transport.dispatcher?.startChildren).toBeUndefined()
  expect((await call(mi, 'ps')).result).toEqual({ Processes: [{ ID: 0, PID: process.pid, Type: 'attendant' }] })
  expect(await call(mi, 'log_level', { level: 4, pid: process.pid })).toMatchObject({ result: { 'Log level': 4 } })
  expect((await call(mi, 'log_level', { level: 4, pid: process.ppid })).error).toMatchObject({ data: 'Bad PID' })
  for (const method of ['ps', 'log_level', 'get_statistics', 'list_statistics', 'reset_statistics']) {
    const params = /^(get|reset)_statistics$/.test(method) ? [['all']] : undefined
    expect(transport.ask(method, params)).toContain('"result"')
  }
})

test('what is given as `processes` must be a role, not the function that makes one', () => {
  const cluster = () => ({})
  expect(() => createMi({ processes: cluster as never })).toThrow(
    new TypeError('createMi(): processes must be what cluster() of @mi/processes returns'),
  )
})
