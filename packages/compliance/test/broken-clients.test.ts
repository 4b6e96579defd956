import { describe, expect, test } from 'vitest'
import { clientTransportCases } from '../src/index.js'
import { brokenClients } from './broken/clients.js'
import { referenceClientHarness } from './reference/client-harness.js'

/** Short, since a broken promise costs the whole wait. */
const waits = { waitMs: 600, quietMs: 40, graceMs: 40 }

describe('the suite fails a client transport that', () => {
  for (const { fault, make, failsIn, traits } of brokenClients) {
    test(`${fault}, in '${failsIn}'`, async () => {
      const cases = clientTransportCases(referenceClientHarness(make), { ...waits, ...traits })
      const about = cases.filter(({ name }) => name.startsWith(failsIn))
      expect(about).toHaveLength(1)
      await expect(about[0]?.run()).rejects.toThrow(/^(?!harness:)/)
    }, 20_000)
  }
})

test('every promise is broken by at least one client transport', () => {
  const names = clientTransportCases(referenceClientHarness()).map(({ name }) => name)
  const untried = names.filter((name) => !brokenClients.some(({ failsIn }) => name.startsWith(failsIn)))
  expect(untried).toEqual([])
})
