import { describe, expect, test } from 'vitest'
import { clientTransportCases, serverTransportCases, serverTransportSuite } from '../src/index.js'
import { referenceClientHarness } from './reference/client-harness.js'
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

  test('a trait that does not exist is refused, and so is a time of 0', () => {
    const misspelt: object = { relistens: false }
    expect(() => serverTransportCases(harness, misspelt)).toThrow(
      /unknown trait 'relistens'; the traits are .*relisten,/,
    )
    expect(() => serverTransportCases(harness, { waitMs: 0 })).toThrow(RangeError)
  })

  test.each([
    [{ vanishedPeers: 'uncounted' }, /'vanishedPeers' must be one of 'counted', 'unnoticed', not "uncounted"/],
    [{ slowPeers: true }, /'slowPeers' must be one of/],
    [{ requestLimit: 'answerd' }, /'requestLimit' must be one of/],
    [{ provisional: 'withfinal' }, /'provisional' must be one of/],
    [{ newlines: 'no' }, /'newlines' must be true or false/],
    [{ stream: 0 }, /'stream' must be true or false/],
    [{ waitMs: '5000' }, /'waitMs' must be a positive number/],
    [{ waitMs: Number.POSITIVE_INFINITY }, /'waitMs' must be 3600000 ms at most/],
  ])('the value of %j is refused: it would switch tests off, or fail all', (misspelt: object, why) => {
    expect(() => serverTransportCases(harness, misspelt)).toThrow(why)
  })

  test('every value that a trait has is taken', () => {
    const server = {
      provisional: ['atOnce', 'withFinal', 'never'],
      requestLimit: ['answered', 'counted', 'none'],
    } as const
    for (const provisional of server.provisional) serverTransportCases(harness, { provisional })
    for (const requestLimit of server.requestLimit) serverTransportCases(harness, { requestLimit })
    for (const noticed of ['counted', 'unnoticed'] as const) {
      serverTransportCases(harness, { vanishedPeers: noticed, slowPeers: noticed })
    }
    for (const noticed of ['noticed', 'unnoticed'] as const) {
      clientTransportCases(referenceClientHarness(), {
        absentServer: noticed,
        vanishedServer: noticed,
        plainText: false,
      })
    }
    const set = { newlines: false, stream: false, listenCanFail: false, relisten: false }
    serverTransportCases(harness, { ...set, maxRequestBytes: Number.POSITIVE_INFINITY, maxReplyBytes: 1 })
  })

  test('a harness without createImpossible fails the test that needs it, and says what to do', async () => {
    const { create } = harness
    const about = serverTransportCases({ create }).find(({ name }) => name.startsWith('rejects listen'))
    await expect(about?.run()).rejects.toThrow('declare the trait listenCanFail: false')
  })
})
