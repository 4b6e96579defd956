import { describe, expect, test } from 'vitest'
import { serverTransportCases } from '../src/index.js'
import { brokenServers } from './broken/servers.js'
import { referenceServerHarness } from './reference/server-harness.js'

/** Short, since a broken promise costs the whole wait. */
const waits = { waitMs: 600, quietMs: 40, graceMs: 40 }

describe('the suite fails a server transport that', () => {
  for (const { fault, make, failsIn, traits } of brokenServers) {
    test(`${fault}, in '${failsIn}'`, async () => {
      const cases = serverTransportCases(referenceServerHarness(make), { ...waits, ...traits })
      const about = cases.filter(({ name }) => name.startsWith(failsIn))
      expect(about).toHaveLength(1)
      await expect(about[0]?.run()).rejects.toThrow(/^(?!harness:)/)
    }, 20_000)
  }
})

test('every promise is broken by at least one transport', () => {
  const names = serverTransportCases(referenceServerHarness()).map(({ name }) => name)
  const untried = names.filter((name) => !brokenServers.some(({ failsIn }) => name.startsWith(failsIn)))
  expect(untried).toEqual([])
})
