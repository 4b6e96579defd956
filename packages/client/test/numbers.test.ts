import { describe, expect, test } from 'vitest'
import { createClient, exactJson, isExactNumber, type MiClient, type NumberReading } from '../src/index.js'
import { readJson } from '../src/json-reader.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { engineText, type Responder } from './support/responder.js'

const ODD = '[9007199254740993,-9007199254740993,1.844674e+19,1.0,-0,1E2,0.1,42,"1.0 9007199254740993"]'

interface At extends AsyncDisposable {
  readonly server: Responder
  readonly client: MiClient
}

/** A client of a server that answers `odd` with the text, as a result or as the data of an error. */
async function at(text: string, numbers: NumberReading): Promise<At> {
  const over = await fixture()
  over.server.on('odd', ({ id, reply }) => reply(`{"jsonrpc":"2.0","result":${text},"id":${id}}`))
  over.server.on('bad', ({ id, reply }) =>
    reply(`{"jsonrpc":"2.0","error":{"code":500,"message":"x","data":${text}},"id":${id}}`),
  )
  const client = createClient(`fifo:${over.fifoName}?reply_dir=${over.replyDir}`, { numbers, timeoutMs: 20_000 })
  const close = async (): Promise<void> => {
    await client.close()
    await over[Symbol.asyncDispose]()
  }
  return { server: over.server, client, [Symbol.asyncDispose]: close }
}

describe('the numbers of a reply', () => {
  test('are numbers as JavaScript has them', async () => {
    await using over = await at(ODD, 'number')
    expect(await over.client.call('odd')).toEqual(JSON.parse(ODD))
  })

  test('are bigints beyond 2^53 where that is asked for', async () => {
    await using over = await at(ODD, 'bigint')
    const expected = [9007199254740993n, -9007199254740993n, 1.844674e19, 1, -0, 100, 0.1, 42, '1.0 9007199254740993']
    expect(await over.client.call('odd')).toEqual(expected)
    expect(await failureOf(over.client.call('bad'))).toMatchObject({ code: 500, data: expected })
  })

  test('keep their characters where that is asked for', async () => {
    await using over = await at(ODD, 'exact')
    const result = await over.client.call('odd')
    expect(exactJson(result)).toBe(ODD)
    expect(Array.isArray(result) && result.map(isExactNumber)).toEqual([
      ...[true, true, true, true, true, true],
      ...[false, false, false],
    ])
    expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(ODD.replace('-0', '0')))
    const error = await failureOf(over.client.call('bad'))
    expect(exactJson(error instanceof Error && 'data' in error ? error.data : undefined)).toBe(ODD)
  })

  test('of a batch are read in the same way, each with its own call', async () => {
    await using over = await at('[]', 'bigint')
    over.server.on('version', ({ id, reply }) => reply(engineText(id)))
    const error = '{"code":1,"message":"x","data":9007199254740993}'
    over.server.on('batch', ({ reply }) =>
      reply(`[{"jsonrpc":"2.0","error":${error},"id":3},{"jsonrpc":"2.0","result":{"n":9007199254740995},"id":2}]`),
    )
    const [first, second] = await over.client.batch([['odd'], ['bad']])
    expect(first).toEqual({ result: { n: 9007199254740995n } })
    expect(second.error?.data).toEqual(9007199254740993n)
  })

  test('that are statistics are numbers all the same', async () => {
    for (const numbers of ['bigint', 'exact'] as const) {
      await using over = await at(ODD, numbers)
      over.server.on('statistics:get', ({ id, reply }) =>
        reply(`{"jsonrpc":"2.0","result":{"a":9007199254740993,"b":1.0,"c":"7"},"id":${id}}`),
      )
      expect(await over.client.statistics(['all'])).toEqual({ a: 9007199254740992, b: 1, c: 7 })
    }
  })

  test('with more digits than any server has are numbers, in no time', async () => {
    await using over = await at('1'.repeat(1_000_000), 'bigint')
    expect(await over.client.call('odd')).toBe(Number.POSITIVE_INFINITY)
  })
})

test('another reading is a TypeError', () => {
  // @ts-expect-error -- there is no such reading
  expect(() => createClient('udp:127.0.0.1:1', { numbers: 'text' })).toThrow(
    "createClient(): numbers must be 'number', 'bigint' or 'exact', not",
  )
})

describe('the reader of JSON', () => {
  const same = { number: Number, repeated: 'last' } as const

  test.each([
    ODD,
    '{}',
    '[]',
    ' { "a" : [ ] , "b":{ }, "c" : null } \n',
    '"a \\" \\\\ \\u00e9 ü 𝄞 \\ud800"',
    '{"":1,"a":{"a":{"":[[[]],{}]}},"b":[true,false,null,"",-1.5e-7]}',
    '{"__proto__":1,"constructor":{"__proto__":{"x":1}},"a":1,"a":{"b":2},"a":[3]}',
    '7',
    'null',
  ])('reads %s as JSON.parse does', (text) => {
    expect(JSON.stringify(readJson(text, same))).toBe(JSON.stringify(JSON.parse(text)))
  })

  test('reads any value as it was written', () => {
    const seed = Date.now() % 2 ** 31
    const next = random(seed)
    for (let count = 0; count < 2000; count += 1) {
      const value = anyValue(next, 4)
      const text = JSON.stringify(value, undefined, next() < 0.5 ? undefined : '\t')
      // Not with JSON.parse: that of Node.js 24.21 reads {" ":1,"\n":2} with a name \ after an object that has the names " " and \.
      expect(readJson(text, same), `seed ${seed}, text ${text}`).toStrictEqual(value)
    }
  })

  test('does not run out of stack', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(readJson(text, same)).toHaveLength(1)
  })

  test('keeps all values of a repeated name where that is asked for', () => {
    const text = '{"a":1,"b":[2],"a":[3],"a":4,"b":5,"__proto__":6,"__proto__":7,"c":{"d":8,"d":9}}'
    const list = readJson(text, { number: Number, repeated: 'list' })
    expect(JSON.stringify(list)).toBe('{"a":[1,[3],4],"b":[[2],5],"__proto__":[6,7],"c":{"d":[8,9]}}')
  })
})

const CHARACTERS = ['"', '\\', '\n', '\u0000', '\u001b', 'ü', '𝄞', '\ud800', ':', ',', '{', ']', ' ', 'e', '9']

function anyValue(next: () => number, depth: number): unknown {
  const kind = Math.floor(next() * (depth === 0 ? 4 : 6))
  if (kind === 0) return next() < 0.5 ? Math.floor(next() * 1e17) : (next() - 0.5) * 10 ** (next() * 40 - 20)
  if (kind === 1) return [true, false, null][Math.floor(next() * 3)]
  if (kind <= 3) return anyText(next)
  const items = Array.from({ length: Math.floor(next() * 5) }, () => anyValue(next, depth - 1))
  return kind === 4 ? items : Object.fromEntries(items.map((item) => [anyText(next), item]))
}

function anyText(next: () => number): string {
  return Array.from({ length: Math.floor(next() * 6) }, () => CHARACTERS[Math.floor(next() * CHARACTERS.length)]).join(
    '',
  )
}

/** Numbers from 0 up to 1 that follow from the seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
