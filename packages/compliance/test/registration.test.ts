import { describe, expect, test } from 'vitest'
import { serverTransportCases, serverTransportSuite } from '../src/index.js'
import { referenceServerHarness } from './reference/server-harness.js'

const harness = referenceServerHarness()

describe('registration', () => {
  test('hands every case to the runner, in order, within a group if there is a describe', () => {
    const seen: string[] = []
    serverTransportSuite({
      ...harness,
      test: (name) => seen.push(name),
      describe: (title, body) => {
        seen.push(`> ${title}`)
        body()
      },
    })
    expect(seen).toEqual(['> server transport', ...serverTransportCases(harness).map(({ name }) => name)])
  })

  test('hands every case to a runner that has no groups', () => {
    const seen: string[] = []
    serverTransportSuite({ ...harness, test: (name) => seen.push(name) })
    expect(seen).toHaveLength(serverTransportCases(harness).length)
  })

  test('a trait that switches a test off leaves a test whose name says so', () => {
    const names = (traits: Parameters<typeof serverTransportCases>[1]) =>
      serverTransportCases(harness, traits).map(({ name }) => name)
    const name = 'listens and serves again after close'
    expect(names({})).toContain(name)
    expect(names({ relisten: false })).toContain(`${name} [not checked: trait relisten is false]`)
    expect(names({ relisten: false })).toHaveLength(names({}).length)
  })

  test('a trait that is undefined has its default', () => {
    expect(serverTransportCases(harness, { relisten: undefined }).map(({ name }) => name)).toEqual(
      serverTransportCases(harness).map(({ name }) => name),
    )
  })

  test('a trait that does not exist is refused, and so is a time that is none', () => {
    const misspelt: object = { relistens: false }
    expect(() => serverTransportCases(harness, misspelt)).toThrow(/no trait 'relistens'; there are .*relisten,/)
    expect(() => serverTransportCases(harness, { waitMs: 0 })).toThrow(RangeError)
  })

  test('a harness without createImpossible fails the test that needs it, and says what to do', async () => {
    const { create } = harness
    const about = serverTransportCases({ create }).find(({ name }) => name.startsWith('rejects listen'))
    await expect(about?.run()).rejects.toThrow('declare the trait listenCanFail: false')
  })
})
