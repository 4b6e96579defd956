import { createMi } from '@mi/core'
// As it is published: a child process imports the transport from there.
import { http } from '@mi/http'
import { cluster } from '@mi/processes'
import { expect, onTestFinished, test } from 'vitest'
import { ask, call, until } from './support/fixture.js'

const childModule = new URL('programs/commands.mjs', import.meta.url)

test('child processes share the port, keep to the options, and are replaced when they die', async () => {
  const transport = http({ port: 0, childrenCount: 2, childModule, maxRequestBytes: 1_000, xmlRpc: {} })
  const mi = createMi({ processes: cluster(), transports: [transport] })
  onTestFinished(() => mi.close())
  await mi.listen()
  const port = Number(new URL(transport.address).port)
  const pid = async (): Promise<number> => JSON.parse((await ask(port, { body: call('t:pid') })).text).result
  const seen = new Set<number>()
  for (let asked = 0; asked < 20; asked++) seen.add(await pid())
  expect([...seen]).not.toContain(process.pid)
  expect(seen.size).toBeLessThanOrEqual(2)
  expect((await ask(port, { body: ' '.repeat(1_001) })).status).toBe(413)
  const [victim = 0] = seen
  process.kill(victim, 'SIGKILL')
  let latest = victim
  await until('a successor or the other one to answer', () => {
    // A connection that the dead one had taken ends without a reply.
    pid().then(
      (found) => {
        latest = found
      },
      () => undefined,
    )
    return latest !== victim
  })
  await mi.close()
  await expect(ask(port, { body: call('t:pid') })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('an engine without processes, a missing module and a wrong address say what to do', async () => {
  const alone = createMi({ transports: [http({ port: 0, childrenCount: 2, childModule })] })
  await expect(alone.listen()).rejects.toThrow('npm install @mi/processes')
  const without = createMi({ processes: cluster(), transports: [http({ port: 0, childrenCount: 2 })] })
  await expect(without.listen()).rejects.toThrow('childModule is missing')
  const elsewhere = http({ host: '192.0.2.1', childrenCount: 2, childModule })
  await expect(createMi({ processes: cluster(), transports: [elsewhere] }).listen()).rejects.toThrow(
    'this machine has no such address',
  )
})

test.each([
  [{ tracer: { request() {}, reply() {} } }, 'export it as `tracer` from childModule'],
  [{ auth: { check: () => 'x' } }, 'functions such as auth.check cannot be handed'],
  [{ events: true }, 'use one process for events'],
])('%j cannot be handed to child processes', (options, message) => {
  expect(() => http({ childrenCount: 2, childModule, ...options })).toThrow(message)
})
