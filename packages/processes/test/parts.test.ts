import { deserialize, serialize } from 'node:v8'
import type { OwnStatistics, Sample } from '@mi/core'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type FromChild, opened, portableError, revivedError, Sender, type ToChild } from '../src/channel.js'
import { childExecArgv, childNodeOptions } from '../src/fork.js'
import { logLine, RelayLog, revivedFields } from '../src/relay-log.js'
import { ChildSamples, sumSamples } from '../src/samples.js'
import { Totals } from '../src/totals.js'

/** What the channel makes of a message. */
const sent = <T>(message: T): T => deserialize(serialize(message))

const silence = { debug() {}, info() {}, warn() {}, error() {} }

describe('the options of Node.js that a child gets', () => {
  test('are those of its parent, without its debugger, its program text and its watching', () => {
    const kept = ['--expose-gc', '--import', './hook.mjs', '--max-old-space-size=64', '--conditions', 'development']
    const own = ['--inspect', '--inspect-brk=0.0.0.0:9229', '--inspect-port', '9230', '--input-type=module', '--watch']
    expect(childExecArgv([...own, ...kept, '--eval', 'await main()'])).toEqual(kept)
    expect(childExecArgv(['-e', '--expose-gc'])).toEqual([])
    expect(childExecArgv(['--input-type', 'module', '-p', '1', '--enable-source-maps'])).toEqual([
      '--enable-source-maps',
    ])
  })

  test('are those of NODE_OPTIONS too, without its debugger', () => {
    expect(childNodeOptions('--inspect-brk=1 --expose-gc --inspect --inspect-publish-uid=http')).toBe('--expose-gc')
    expect(childNodeOptions('--max-http-header-size=1')).toBe('--max-http-header-size=1')
  })
})

describe('an error on its way to another process', () => {
  test('keeps name, message, stack and code, and the same of its causes', () => {
    const cause = Object.assign(new TypeError('inner'), { code: 'ECONNREFUSED' })
    const error = new RangeError('outer', { cause })
    const revived = revivedError(sent(portableError(error)))
    expect(revived).toMatchObject({ name: 'RangeError', message: 'outer', stack: error.stack })
    expect(revived.cause).toMatchObject({ name: 'TypeError', message: 'inner', code: 'ECONNREFUSED' })
    expect(revived).toBeInstanceOf(Error)
  })

  test('that is its own cause ends', () => {
    const error = new Error('round')
    error.cause = error
    expect(revivedError(sent(portableError(error)))).toMatchObject({ cause: { cause: { message: 'round' } } })
  })

  test('may be anything that was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(revivedError(sent(portableError(thrown)))).toMatchObject({ name: 'Error', message: expect.any(String) })
      }),
    )
  })
})

describe('a line of a log on its way to another process', () => {
  const received = (fields: Record<string, unknown>) => revivedFields(sent(logLine('info', fields, 'text')))

  test('keeps what can be cloned, such as dates and bigints, and never fails on other things', () => {
    const values = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true })
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), (fields) => {
        expect(Object.keys(received(fields))).toEqual(Object.keys(fields))
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (fields) => {
        expect(received(fields)).toEqual(fields)
      }),
    )
    expect(received({ at: new Date(5), big: 2n, most: Number.POSITIVE_INFINITY })).toEqual({
      at: new Date(5),
      big: 2n,
      most: Number.POSITIVE_INFINITY,
    })
  })

  test('has as text what cannot be cloned, or could end the process that reads it', () => {
    const error = new Error('round')
    error.cause = error
    const given = { call: () => 1, tag: Symbol('x'), deep: { call: () => 1 }, round: { error }, one: 1 }
    const { round, ...fields } = received(given)
    expect(fields).toEqual({
      call: '[Function: call]',
      tag: 'Symbol(x)',
      deep: '{ call: [Function: call] }',
      one: 1,
    })
    // Node.js 20 writes an error whose causes form a cycle, and cannot read it; later ones can.
    expect(round instanceof Object ? round : { error: round }).toMatchObject({
      error: round instanceof Object ? { message: 'round' } : expect.stringContaining('Error: round'),
    })
  })

  test('is dropped with an exception when the channel is backed up, and made only when its level passes', () => {
    const offer = vi.fn(() => true)
    const log = new RelayLog({ offer })
    log.debug({}, 'not at info')
    expect(offer).not.toHaveBeenCalled()
    log.level = 'debug'
    log.debug({}, 'now')
    expect(offer).toHaveBeenCalledOnce()
    offer.mockReturnValue(false)
    expect(() => log.warn({}, 'lost')).toThrow('backed up')
    log.level = 'fatal'
    log.error({}, 'nothing is logged at fatal')
    expect(offer).toHaveBeenCalledTimes(2)
  })
})

describe('the sender', () => {
  /** A channel that is backed up once `room` messages wait. */
  function slowChannel(room: number) {
    const waiting: ((error: Error | null) => void)[] = []
    const messages: unknown[] = []
    const send = (message: object, done: (error: Error | null) => void): boolean => {
      messages.push(opened<ToChild>(message))
      waiting.push(done)
      return waiting.length < room
    }
    return { messages, waiting, send }
  }
  const message = (id: number): ToChild => ({ type: 'read', id })

  test('sends nothing that can be left out while the channel is backed up, and says when it goes on', () => {
    const channel = slowChannel(2)
    const drained = vi.fn()
    const sender = new Sender<ToChild>(channel, drained)
    expect([1, 2, 3, 4].map((id) => sender.offer(message(id)))).toEqual([true, true, false, false])
    sender.insist(message(5))
    channel.waiting.shift()?.(null)
    expect(drained).toHaveBeenCalledOnce()
    expect(sender.offer(message(6))).toBe(true)
    expect(channel.messages).toEqual([1, 2, 5, 6].map(message))
  })

  test('says when a message is gone also when it never will be', () => {
    const channel = slowChannel(2)
    const done = vi.fn()
    new Sender<ToChild>(channel).insist({ type: 'close' }, done)
    channel.waiting.shift()?.(new Error('channel closed'))
    expect(done).toHaveBeenCalledOnce()
  })

  test('marks its messages, so that those of a program over the same channel are not taken for them', () => {
    fc.assert(
      fc.property(fc.anything(), (received) => {
        expect(opened<FromChild>(received)).toBeUndefined()
      }),
    )
  })
})

/** As exporters see it: resets do not show there. */
const metric = { name: 'hits', help: '', labels: { module: 'm' }, value: 1 }

const counter = (value: number): Sample => ({ group: 'm', name: 'hits', value, counter: true, metric })

describe('the samples of a child', () => {
  test('are asked for again only when it has answered: one that hangs gets eight questions', async () => {
    const offer = vi.fn((_question: ToChild) => true)
    const child = new ChildSamples({ offer })
    await child.refresh()
    expect(offer).not.toHaveBeenCalled()
    child.begin([counter(1)])
    const asked = Array.from({ length: 20 }, () => child.refresh())
    expect(offer).toHaveBeenCalledTimes(8)
    // To a later question: it answers the earlier ones too.
    child.report(8, [counter(2)])
    await Promise.all(asked)
    expect(child.known).toEqual([counter(2)])
    const last = child.refresh()
    expect(offer).toHaveBeenCalledTimes(9)
    child.end()
    await last
    await child.refresh()
    expect(offer).toHaveBeenCalledTimes(9)
  })

  test('are reset later when the channel is backed up', async () => {
    const offer = vi.fn((_question: ToChild) => false)
    const child = new ChildSamples({ offer })
    child.begin([counter(5)])
    await Promise.all([child.reset(['m:hits']), child.reset(['m:hits', 'm:misses'])])
    expect(child.known).toEqual([counter(0)])
    offer.mockClear()
    offer.mockReturnValue(true)
    child.drained()
    child.drained()
    expect(offer.mock.calls).toEqual([[{ type: 'reset', id: 3, names: ['m:hits', 'm:misses'] }]])
    child.end()
  })
})

describe('totals', () => {
  /** Statistics of a process without any of its own; what is selected is given by its full name. */
  const own = (...samples: Sample[]): { statistics: OwnStatistics; log: typeof silence } => {
    const of = (given: Iterable<Sample>) => ({
      read: (names: readonly string[]) => {
        const all = [...given].map(({ group, name, value }) => [`${group}:${name}`, value] as const)
        return Object.fromEntries(all.filter(([name]) => names.includes(name)))
      },
      kinds: () => ({}),
    })
    return { statistics: { of, reset: () => 0, samples: () => samples }, log: silence }
  }

  /** A child that answers when the test says so. */
  function heldChild(value: number) {
    let rounds = 0
    let answer = (): void => {}
    const child = {
      known: [counter(value)],
      refresh() {
        rounds++
        return new Promise<void>((resolve) => {
          answer = resolve
        })
      },
      reset: () => Promise.resolve(),
    }
    return { child, rounds: () => rounds, answer: () => answer() }
  }

  test('asked for by many at once take two rounds of questions, not one for each', async () => {
    const { child, rounds, answer } = heldChild(5)
    const totals = new Totals(own(), () => [child])
    const early = totals.read(['m:hits'])
    const late = Array.from({ length: 200 }, () => totals.read(['m:hits']))
    expect(rounds()).toBe(1)
    answer()
    expect(await early).toEqual({ 'm:hits': 5 })
    await vi.waitFor(() => expect(rounds()).toBe(2))
    answer()
    expect(await Promise.all(late)).toEqual(Array.from({ length: 200 }, () => ({ 'm:hits': 5 })))
    expect(rounds()).toBe(2)
  })

  test('do not grow with the number of children that have come and gone', () => {
    const totals = new Totals(own(), () => [])
    for (let child = 0; child < 1_000; child++) totals.add(heldChild(2).child)
    expect(totals.lastKnown(['m:hits'])).toEqual({ 'm:hits': 2_000 })
  })

  test('without children are those of the process, and no promise', () => {
    const totals = new Totals(own(counter(3)), () => [])
    expect(totals.read(['m:hits'])).toEqual({ 'm:hits': 3 })
    expect(totals.reset(['nosuch'])).toBe(0)
  })

  test('are the same whatever way the samples are grouped', () => {
    const sample = fc.record({
      group: fc.constantFrom('mi', 'm', 'a:b', 'a'),
      name: fc.constantFrom('x', 'y', 'b:x'),
      value: fc.integer({ min: -1_000, max: 1_000 }),
      counter: fc.constant(true),
      metric: fc.constant(metric),
    })
    fc.assert(
      fc.property(fc.array(sample), fc.nat(), (samples, cut) => {
        const at = samples.length === 0 ? 0 : cut % samples.length
        const parts = [...sumSamples(samples.slice(0, at)), ...sumSamples(samples.slice(at))]
        expect(sumSamples(parts)).toEqual(sumSamples(samples))
      }),
    )
  })
})
