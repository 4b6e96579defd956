import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { call, serve } from './support/fixture.js'

/** Each takes a descriptor at both ends, which are in this process. */
const limit = Number(execFileSync('bash', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || Number.POSITIVE_INFINITY
const COUNT = Math.min(10_000, Math.floor((limit - 1_000) / 2))

test(`${COUNT} idle connections, of which 1,000 are kept, keep nobody from being served`, {
  timeout: 120_000,
}, async () => {
  const { raw, ask, drops } = await serve({}, { ok: () => 'OK' })
  for (let count = 0; count < COUNT; count++) {
    await raw(count % 2 === 0 ? '' : 'POST /mi HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    if (count % 1_000 === 0) expect((await ask({ body: call('t:ok') })).status).toBe(200)
  }
  expect((await ask({ body: call('t:ok') })).status).toBe(200)
  expect(drops('too_many_connections')).toBeGreaterThan(COUNT - 1_200)
})

test(`${COUNT} idle connections that are all kept keep nobody from being served`, { timeout: 120_000 }, async () => {
  const { raw, ask, drops } = await serve({ maxConnections: COUNT + 10 }, { ok: () => 'OK' })
  for (let count = 0; count < COUNT; count++) await raw()
  for (let count = 0; count < 20; count++) expect((await ask({ body: call('t:ok') })).status).toBe(200)
  expect(drops('too_many_connections')).toBe(0)
})
