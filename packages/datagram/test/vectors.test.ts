import { jsonRpcVectors, vectorModules } from '@mi/fixtures'
import { beforeAll, expect, test } from 'vitest'
import { request, serve, until } from './support/fixture.js'
import { ways } from './support/raw-socket.js'

// The recording servers ran in '/', as pwd answers.
beforeAll(() => process.chdir('/'))

test.each(ways)('every recorded datagram is answered as recorded, over %s', async (way) => {
  const { peer } = await serve(way, {}, {}, { modules: vectorModules() })
  const client = await peer()
  for (const { name, request: recorded, reply } of jsonRpcVectors) {
    client.texts.length = 0
    await client.send(recorded)
    // Whatever else were sent would have arrived before this one's answer.
    await client.send(request('pwd', 'end'))
    await until(`the reply to '${name}'`, () => client.texts.some((text) => text.endsWith('"id":"end"}')))
    const expected = [...(reply === null ? [] : [reply]), '{"jsonrpc":"2.0","result":{"WD":"/"},"id":"end"}']
    expect([name, ...client.texts.map(comparable)]).toEqual([name, ...expected.map(comparable)])
  }
  expect(jsonRpcVectors.length).toBeGreaterThan(50)
})

/** The order of an object's members is no part of the recording. */
function comparable(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text
}
