import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { BackOff } from '../src/children/back-off.js'
import { childExecArgv, childNodeOptions } from '../src/children/exec-argv.js'
import { fromChild, toChild } from '../src/children/messages.js'
import { Outbox } from '../src/children/outbox.js'
import { parserOf } from '../src/children/parse.js'
import { portableError, revivedError } from '../src/children/portable-error.js'
import { RelayLog } from '../src/children/relay-log.js'
import { relayedLine, revivedFields } from '../src/children/relayed-line.js'
import { Replies } from '../src/children/replies.js'
import { sumSamples } from '../src/children/sums.js'
import { type Counting, Totals } from '../src/children/totals.js'
import { Statistics } from '../src/statistics.js'
import { Validation } from '../src/validation.js'
import { deferred } from './support.js'

/** What the channel makes of a message. */
const sent = (message: unknown): unknown => JSON.parse(JSON.stringify(message))

const silence = { debug() {}, info() {}, warn() {}, error() {} }

describe('the pause before a child is started again', () => {
  test('doubles from 50 ms to 5 s while children die at once', () => {
    const backOff = new BackOff()
    const pauses = Array.from({ length: 10 }, () => backOff.next(0))
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000])
  })

  test('begins anew once a child has listened for a while', () => {
    const backOff = new BackOff()
    expect([199, 199, 200, 0, 5_000].map((listenedMs) => backOff.next(listenedMs))).toEqual([50, 100, 50, 100, 50])
  })
})

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
    const revived = revivedError(portableError(error))
    expect(revived).toMatchObject({ name: 'RangeError', message: 'outer', stack: error.stack })
    expect(revived.cause).toMatchObject({ name: 'TypeError', message: 'inner', code: 'ECONNREFUSED' })
    expect(revived).toBeInstanceOf(Error)
  })

  test('that is its own cause ends', () => {
    const error = new Error('round')
    error.cause = error
    expect(portableError(error)).toHaveLength(5)
  })

  test('may be anything that was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(revivedError(portableError(thrown))).toMatchObject({ name: 'Error', message: expect.any(String) })
      }),
    )
  })
})

describe('a line of a log on its way to another process', () => {
  test('keeps any fields that JSON can carry, and never throws on others', () => {
    const parse = parserOf(new Validation(), 'a child', fromChild)
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true })), (fields) => {
        const line = relayedLine('info', fields, 'text')
        expect(parse(sent(line))).toHaveProperty('value')
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (fields) => {
        expect(revivedFields(relayedLine('info', fields, 'text'))).toEqual(fields)
      }),
    )
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
    log.error({}, 'nothing is said at fatal')
    expect(offer).toHaveBeenCalledTimes(2)
  })
})

describe('messages', () => {
  const parsers = [toChild, fromChild].map((spec) => parserOf(new Validation(), 'the other process', spec))

  test('of any other shape are told from those of MI, whatever arrives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (received) => {
        for (const parse of parsers) expect(parse(received)).toHaveProperty('problem')
      }),
      { numRuns: 1_000 },
    )
  })

  test('with a field too many, too few or of another type are none', () => {
    const [, parse] = parsers
    const good = { type: 'ask', id: 1, question: { type: 'level', level: 4, pid: 12 } }
    expect(parse?.(good)).toEqual({ value: good })
    for (const bad of [
      { ...good, more: 1 },
      { type: 'ask', id: 1 },
      { ...good, id: '1' },
      { ...good, question: { type: 'level', level: 'high' } },
      { ...good, question: { type: 'nosuch' } },
    ]) {
      expect(parse?.(bad)).toHaveProperty('problem')
    }
  })
})

describe('the outbox', () => {
  /** A channel that is backed up once `room` messages wait. */
  function slowChannel(room: number) {
    const waiting: ((error: Error | null) => void)[] = []
    const messages: object[] = []
    const send = (message: object, done: (error: Error | null) => void): boolean => {
      messages.push(message)
      waiting.push(done)
      return waiting.length < room
    }
    return { messages, waiting, send }
  }

  test('sends nothing that can be done without while the channel is backed up, and says when it goes on', () => {
    const channel = slowChannel(2)
    const drained = vi.fn()
    const outbox = new Outbox<{ n: number }>(channel, drained)
    expect([1, 2, 3, 4].map((n) => outbox.offer({ n }))).toEqual([true, true, false, false])
    outbox.insist({ n: 5 })
    channel.waiting.shift()?.(null)
    expect(drained).toHaveBeenCalledOnce()
    expect(outbox.offer({ n: 6 })).toBe(true)
    expect(channel.messages).toEqual([{ n: 1 }, { n: 2 }, { n: 5 }, { n: 6 }])
  })

  test('tells when a message is gone also when it never will be', () => {
    const channel = slowChannel(2)
    const done = vi.fn()
    new Outbox(channel).insist({}, done)
    channel.waiting.shift()?.(new Error('channel closed'))
    expect(done).toHaveBeenCalledOnce()
  })
})

describe('replies', () => {
  test('to a later question answer the earlier ones too; an end answers all', async () => {
    const replies = new Replies()
    const [first, second, third] = [replies.next(), replies.next(), replies.next()]
    const waits = [first, second, third].map((id) => replies.wait(id, 60_000))
    expect(replies.unanswered).toBe(3)
    replies.answered(second)
    await Promise.all(waits.slice(0, 2))
    expect(replies.unanswered).toBe(1)
    replies.end()
    await waits[2]
    await replies.wait(replies.next(), 60_000)
  })
})

describe('totals', () => {
  const counter = (value: number) => ({ group: 'm', name: 'hits', value, counter: true })

  /** A child that answers when the test says so. */
  function heldChild(value: number) {
    let rounds = 0
    let answer = deferred<void>()
    const child: Counting = {
      numbers: [counter(value)],
      refresh() {
        rounds++
        answer = deferred<void>()
        return answer.promise
      },
      reset: () => Promise.resolve(),
    }
    return { child, rounds: () => rounds, answer: () => answer.resolve() }
  }

  test('asked for by many at once take two rounds of questions, not one for each', async () => {
    const { child, rounds, answer } = heldChild(5)
    const totals = new Totals(new Statistics(), () => [child], silence)
    const early = totals.read(['hits'])
    const late = Array.from({ length: 200 }, () => totals.read(['hits']))
    expect(rounds()).toBe(1)
    answer()
    expect(await early).toEqual({ 'm:hits': 5 })
    await vi.waitFor(() => expect(rounds()).toBe(2))
    answer()
    expect(await Promise.all(late)).toEqual(Array.from({ length: 200 }, () => ({ 'm:hits': 5 })))
    expect(rounds()).toBe(2)
  })

  test('do not grow with the number of children that have come and gone', () => {
    const totals = new Totals(new Statistics(), () => [], silence)
    for (let child = 0; child < 1_000; child++) totals.add(heldChild(2).child)
    expect(totals.lastKnown(['all'])).toEqual({ 'm:hits': 2_000 })
  })

  test('without children are those of the process, and no promise', () => {
    const statistics = new Statistics()
    statistics.add('m', 'hits', () => 3)
    const totals = new Totals(statistics, () => [], silence)
    expect(totals.read(['hits'])).toEqual({ 'm:hits': 3 })
    expect(totals.reset(['nosuch'])).toBe(0)
  })

  test('are the same whatever way the samples are grouped', () => {
    const sample = fc.record({
      group: fc.constantFrom('mi', 'm', 'a:b', 'a'),
      name: fc.constantFrom('x', 'y', 'b:x'),
      value: fc.integer({ min: -1_000, max: 1_000 }),
      counter: fc.constant(true),
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
