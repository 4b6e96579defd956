import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { jsonText, jsonValue } from '../src/json-value.js'
import { HandTransport, oneCommand } from './support.js'

const request = (method: string, id: unknown, params?: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', method, params, id })
const peer = { transport: 'hand' }

describe('the text of a value', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.anything({ withDate: true, withTypedArray: true, withSparseArray: true, withNullPrototype: true }),
  )

  test('is that of JSON.stringify, or refused as too long when it is', () => {
    fc.assert(
      fc.property(value, fc.nat({ max: 200 }), (each, maxBytes) => {
        const text = JSON.stringify(each) ?? 'null'
        const made = (() => {
          try {
            return jsonText(each, maxBytes)
          } catch (error) {
            return error
          }
        })()
        if (Buffer.byteLength(text) <= maxBytes) expect(made).toBe(text)
        else expect(made).toMatchObject({ code: -32000, data: `Reply exceeds the limit of ${maxBytes} bytes` })
      }),
      { numRuns: 3000 },
    )
  })

  test('and its meaning agree', () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(jsonValue(each, 1_000_000)).toStrictEqual(JSON.parse(JSON.stringify(each) ?? 'null'))
      }),
      { numRuns: 3000 },
    )
  })

  test('of one value that holds itself many times over is refused before it is made', () => {
    let doubled: unknown = ['x']
    for (let level = 0; level < 60; level++) doubled = [doubled, doubled]
    expect(() => jsonText(doubled, 1_000_000)).toThrow('Server error')
    expect(() => jsonValue(doubled, 1_000_000)).toThrow('Server error')
  })
})

describe('a reply', () => {
  test('that is too long for the transport is an error with the same id', async () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{ n: 'int' }], ({ n }) => 'é'.repeat(Number(n)))] })
    const ask = (n: number) => mi.dispatch(request('x', 'odd', [n]), peer, { maxReplyBytes: 1_000 })
    const envelope = Buffer.byteLength('{"jsonrpc":"2.0","result":"","id":"odd"}')
    const most = Math.floor((1_000 - envelope) / 2)
    expect(Buffer.byteLength(String(ask(most)))).toBe(envelope + 2 * most)
    for (const n of [most + 1, 500, 100_000]) {
      expect(JSON.parse(String(ask(n)))).toEqual({
        jsonrpc: '2.0',
        error: { code: -32000, message: 'Server error', data: 'Reply exceeds the limit of 1000 bytes' },
        id: 'odd',
      })
    }
  })

  test('is never longer than limits.maxReplyBytes', () => {
    const mi = createMi({
      limits: { maxReplyBytes: 5_000 },
      modules: [oneCommand('m:x', [{}], () => ({ list: Array.from({ length: 2_000 }, (_none, n) => ({ n })) }))],
    })
    expect(mi.dispatch(request('x', 1), peer, { maxReplyBytes: 1_000_000 })).toContain('the limit of 5000 bytes')
    expect(mi.dispatch(request('x', 1))).toContain('the limit of 5000 bytes')
  })

  test.each([true, false])('of an error is bounded too (thrown: %s)', async (thrown) => {
    const { CommandError } = await import('@mi/contract')
    const error = new CommandError(500, 'long', { text: 'x'.repeat(10_000) })
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}], () => {
          if (thrown) throw error
          return Promise.reject(error)
        }),
      ],
    })
    const reply = String(await mi.dispatch(request('x', 3), peer, { maxReplyBytes: 1_000 }))
    expect(JSON.parse(reply)).toMatchObject({ error: { code: -32000 }, id: 3 })
    expect(reply.length).toBeLessThan(1_000)
  })
})

describe('indented replies', () => {
  const nested = (depth: number) => {
    let value: unknown = 1
    for (let level = 0; level < depth; level++) value = { a: value }
    return value
  }

  test('do not grow with the square of the depth', async () => {
    const transport = new HandTransport('hand', { prettyPrinting: true })
    await using mi = createMi({ transports: [transport], modules: [oneCommand('m:x', [{}], () => nested(3_000))] })
    await mi.listen()
    const reply = String(await transport.ask('x'))
    expect(reply.length).toBeLessThan(3_000 * 2 * 80)
    expect(JSON.parse(reply).result).toEqual(nested(3_000))
  })

  test('go out as they are when they would be too long indented', async () => {
    const transport = new HandTransport('hand', { prettyPrinting: true })
    await using mi = createMi({ transports: [transport], modules: [oneCommand('m:x', [{}], () => nested(100))] })
    await mi.listen()
    const reply = await transport.dispatcher?.dispatch(request('x', 1), peer, { maxReplyBytes: 1_000 })
    expect(reply).toBe(`{"jsonrpc":"2.0","result":${JSON.stringify(nested(100))},"id":1}`)
  })
})

describe('a batch', () => {
  const batch = (count: number, method = 'x') =>
    `[${Array.from({ length: count }, (_none, id) => request(method, id + 1)).join(',')}]`
  const ids = (reply: unknown) => (JSON.parse(String(reply)) as { id: number }[]).map(({ id }) => id)

  test('stops at the limit: what does not fit is answered -32000, the rest is not run', async () => {
    let runs = 0
    const modules = [oneCommand('m:x', [{}], () => `${++runs}:${'y'.repeat(1_000)}`)]
    const mi = createMi({ modules })
    const reply = String(await mi.dispatch(batch(40), peer, { maxReplyBytes: 10_000 }))
    expect(Buffer.byteLength(reply)).toBeLessThanOrEqual(10_000)
    expect(ids(reply)).toEqual(Array.from({ length: 40 }, (_none, index) => index + 1))
    const entries = JSON.parse(reply) as { result?: string; error?: { code: number; data: string } }[]
    expect(entries.filter(({ result }) => result !== undefined).length).toBeGreaterThan(3)
    expect(runs).toBeLessThan(12)
    expect(entries.at(-1)?.error).toEqual({
      code: -32000,
      message: 'Server error',
      data: 'Not run: the replies of this batch exceed the limit of 10000 bytes',
    })
    expect(entries.every(({ result, error }) => result !== undefined || error?.code === -32000)).toBe(true)
  })

  test('of commands that answer later keeps the same limit', async () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], async () => 'y'.repeat(1_000))] })
    const reply = String(await mi.dispatch(batch(40), peer, { maxReplyBytes: 10_000 }))
    expect(Buffer.byteLength(reply)).toBeLessThanOrEqual(10_000)
    expect(ids(reply)).toHaveLength(40)
  })

  test('whose very errors do not fit is one error', async () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => 'y'.repeat(100))] })
    const reply = await mi.dispatch(batch(500), peer, { maxReplyBytes: 1_000 })
    expect(JSON.parse(String(reply))).toMatchObject({ error: { code: -32000 }, id: null })
  })

  test('counts every entry once, and answers no notification that it did not run', async () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => 'y'.repeat(900))] })
    const notification = JSON.stringify({ jsonrpc: '2.0', method: 'x' })
    const text = `[${request('x', 1)},${request('x', 2)},${notification},${request('x', 3)}]`
    expect(ids(await mi.dispatch(text, peer, { maxReplyBytes: 1_500 }))).toEqual([1, 2, 3])
    expect(mi.statistics('mi:requests', 'mi:replies')).toEqual({ 'mi:requests': 4, 'mi:replies': 1 })
  })

  test('that takes long lets others be served between its entries', async () => {
    let turns = 0
    let running = true
    const mi = createMi({
      modules: [
        oneCommand('m:slow', [{}], () => {
          const until = performance.now() + 5
          while (performance.now() < until);
          return turns
        }),
      ],
    })
    const tick = () => {
      turns++
      if (running) setImmediate(tick)
    }
    setImmediate(tick)
    const reply = mi.dispatch(batch(60, 'slow'))
    expect(reply).toBeInstanceOf(Promise)
    const entries = JSON.parse(String(await reply)) as { result: number }[]
    running = false
    expect(new Set(entries.map(({ result }) => result)).size).toBeGreaterThan(3)
  })
})

describe('a batch of commands that answer late', () => {
  test('keeps no reply that does not fit, however many arrive', async () => {
    let largest = 0
    const mi = createMi({ modules: [oneCommand('m:x', [{}], async () => ['y'.repeat(100_000)])] })
    const join = Array.prototype.join
    Array.prototype.join = function (this: unknown[], separator?: string) {
      const text = join.call(this, separator)
      largest = Math.max(largest, text.length)
      return text
    }
    try {
      const entries = Array.from({ length: 500 }, (_none, id) => request('x', id + 1)).join(',')
      const reply = String(await mi.dispatch(`[${entries}]`, peer, { maxReplyBytes: 150_000 }))
      expect(reply.length).toBeLessThanOrEqual(150_000)
      expect(JSON.parse(reply)).toHaveLength(500)
    } finally {
      Array.prototype.join = join
    }
    expect(largest).toBeLessThanOrEqual(150_000)
  })

  test('gets an error for the one entry that the engine fails on, with the others answered', async () => {
    const nested = {
      $ref: '#/definitions/t',
      definitions: { t: { type: ['object', 'array'], items: { $ref: '#/definitions/t' } } },
    }
    const { schema } = await import('@mi/contract')
    const mi = createMi({
      modules: [
        oneCommand('m:deep', [{ n: schema<unknown>(nested) }], () => 'OK'),
        oneCommand('n:x', [{}], () => 'here'),
      ],
    })
    const deep = `{"jsonrpc":"2.0","method":"deep","params":{"n":${'['.repeat(50_000)}${']'.repeat(50_000)}},"id":7}`
    expect(JSON.parse(String(await mi.dispatch(deep)))).toMatchObject({ error: { code: -32000 }, id: 7 })
    expect(JSON.parse(String(await mi.dispatch(`[${request('x', 1)},${deep},${request('x', 2)}]`)))).toMatchObject([
      { result: 'here', id: 1 },
      { error: { code: -32000 }, id: 7 },
      { result: 'here', id: 2 },
    ])
  })
})

describe('execute', () => {
  test('bounds its values too, whether they are traced or not', async () => {
    const modules = [
      oneCommand('m:now', [{}], () => 'x'.repeat(1_000)),
      oneCommand('n:later', [{}], async () => ({ list: Array.from({ length: 500 }, () => 'x') })),
    ]
    const mi = createMi({ limits: { maxReplyBytes: 600 }, modules })
    const texts: string[] = []
    const traced = mi.attach('traced', {
      tracer: { request: () => 1, reply: (_request, text) => void texts.push(text) },
    })
    const error = { code: -32000, message: 'Server error', data: 'Reply exceeds the limit of 600 bytes' }
    for (const { execute } of [mi, traced]) {
      expect(execute('now')).toEqual({ error })
      expect(await execute('later')).toEqual({ error })
    }
    expect(texts.map((text) => JSON.parse(text).error)).toEqual([error, error])
  })
})

test('a long id that leaves no room for an error is answered with id null', () => {
  const mi = createMi({ modules: [oneCommand('m:x', [{}], () => 'y'.repeat(1_000))] })
  const reply = String(mi.dispatch(request('x', 'i'.repeat(5_000)), peer, { maxReplyBytes: 1_000 }))
  expect(JSON.parse(reply)).toMatchObject({ error: { code: -32000 }, id: null })
})

test('members that JSON leaves out cost nothing, holes in an array cost what they print', () => {
  class Row {
    readonly hidden = () => {}
    readonly other = undefined
    constructor(readonly id: number) {}
  }
  const rows = Array.from({ length: 1_500 }, (_none, id) => new Row(id))
  expect(jsonText(rows, 65_000)).toBe(JSON.stringify(rows))
  expect(() => jsonText(new Array(5_000_000), 1_000_000)).toThrow('Server error')
})
