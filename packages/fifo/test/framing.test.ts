import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FifoFraming, type FramedRequest } from '../src/framing.js'

/** What came out: requests as [name, text], others as [problem, name, '']. */
type Seen = readonly [string, string] | readonly [string, string, string]

/** Collects what comes out of a framing. */
function framing(maxRequestBytes = 1 << 20) {
  const seen: Seen[] = []
  const it = new FifoFraming(maxRequestBytes)
  const note = (requests: readonly FramedRequest[]): void => {
    for (const { replyName, text, problem } of requests) {
      seen.push(problem === undefined ? [replyName, text] : [problem, replyName, ''])
    }
  }
  return {
    seen,
    push: (bytes: Buffer | string, freshWrite: boolean) => note(it.push(Buffer.from(bytes), freshWrite)),
    expire: () => note(it.expire()),
    unfinished: () => it.unfinished,
  }
}

/** Each piece is one read; each read begins a write. */
function read(...pieces: (string | Buffer)[]): Seen[] {
  const { seen, push } = framing()
  for (const piece of pieces) push(piece, true)
  return seen
}

const name = fc.stringMatching(/^[A-Za-z0-9_-]{0,12}$/)
/** Texts full of what frames requests. */
const tricky = fc.string({ unit: fc.constantFrom(...'{}[]:",\\\n a') })
const json = fc
  .tuple(
    fc.oneof(fc.object(), fc.array(fc.jsonValue()), fc.dictionary(tricky, fc.oneof(tricky, fc.integer()))),
    fc.constantFrom(undefined, 2, '\t'),
  )
  .map(([value, indent]) => JSON.stringify(value, null, indent))
const separator = fc.constantFrom('', '\n', '\r\n', ' ', '\n\n  ')

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const offsets = [0, ...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return offsets.slice(1).map((end, index) => bytes.subarray(offsets[index], end))
}

describe('any split of the bytes gives the same requests', () => {
  const stream = fc.array(fc.tuple(name, json, separator), { maxLength: 6 })

  test('in pieces of one write', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (requests, cuts) => {
        const it = framing()
        const bytes = Buffer.from(requests.map(([reply, text, end]) => `:${reply}:${text}${end}`).join(''))
        for (const piece of cut(bytes, cuts)) it.push(piece, false)
        expect(it.seen).toEqual(requests.map(([reply, text]) => [reply, text]))
        expect(it.unfinished()).toBe(0)
      }),
      { numRuns: 3_000 },
    )
  })

  test('in writes of their own', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (requests, cuts) => {
        const bytes = Buffer.from(requests.map(([reply, text, end]) => `:${reply}:${text}${end}`).join(''))
        expect(read(...cut(bytes, cuts))).toEqual(requests.map(([reply, text]) => [reply, text]))
      }),
      { numRuns: 3_000 },
    )
  })
})

test('a brace within a text does not end a request, wherever the read ends', () => {
  const request = '{"a}":"}{","b":"}"}'
  const bytes = Buffer.from(`:r:${request}\n`)
  for (let at = 1; at < bytes.length; at++) {
    for (const fresh of [true, false]) {
      const it = framing()
      it.push(bytes.subarray(0, at), true)
      it.push(bytes.subarray(at), fresh)
      expect(it.seen).toEqual([['r', request]])
    }
  }
})

describe('after any bytes at all', () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: fc.constantFrom(...':{}[]",\\ \n.1ra'), maxLength: 40 }).map((text) => Buffer.from(text)),
  )
  const valid = ':rf:{"jsonrpc":"2.0","method":"pwd","id":1}\n'

  test('a request on a line of its own is found at once', () => {
    fc.assert(
      fc.property(garbage, fc.array(fc.nat(), { maxLength: 6 }), fc.boolean(), (bytes, cuts, fresh) => {
        const it = framing()
        for (const piece of cut(Buffer.concat([bytes, Buffer.from(`\n${valid}`)]), cuts)) it.push(piece, fresh)
        expect(it.seen.at(-1)).toEqual(['rf', valid.slice(4, -1)])
      }),
      { numRuns: 20_000 },
    )
  })

  test('a request in a write of its own is found at the latest when the unfinished one expires', () => {
    fc.assert(
      fc.property(garbage, fc.array(fc.nat(), { maxLength: 6 }), (bytes, cuts) => {
        const it = framing()
        for (const piece of cut(bytes, cuts)) it.push(piece, true)
        it.push(valid, true)
        for (let tries = 0; it.unfinished() !== 0 && tries < 100; tries++) it.expire()
        const found = it.seen.some(([first, text]) => first === 'rf' && text === valid.slice(4, -1))
        // The one exception: the garbage ends within a text of its JSON, which then holds the request's own bytes.
        expect(found || it.seen.some(([, text]) => String(text).includes('rf'))).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })

  test('a request written after the unfinished one has expired is found', () => {
    fc.assert(
      fc.property(garbage, (bytes) => {
        const it = framing()
        it.push(bytes, true)
        for (let tries = 0; it.unfinished() !== 0 && tries < 100; tries++) it.expire()
        it.push(valid, true)
        expect(it.seen.at(-1)).toEqual(['rf', valid.slice(4, -1)])
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('syntax', () => {
  test('takes requests without newline, with blanks before them, and several in one write', () => {
    expect(read(':a:{}:b:[1] :c:{}\r\n\n  ::{}')).toEqual([
      ['a', '{}'],
      ['b', '[1]'],
      ['c', '{}'],
      ['', '{}'],
    ])
  })

  test('takes the NUL that clients in C send behind their text', () => {
    expect(read(':a:{}\0', ':b:{"x":{"y":1}}\0\n:c:12\0\n\0:d:{"x":[\n1]}\0')).toEqual([
      ['a', '{}'],
      ['b', '{"x":{"y":1}}'],
      ['c', '12'],
      ['d', '{"x":[\n1]}'],
    ])
  })

  test('takes a number or literal as a request when its line or the write ends', () => {
    expect(read(':a:12\n:b:null', ':c:true:d:"x"')).toEqual([
      ['a', '12'],
      ['b', 'null'],
      ['c', 'true'],
      ['d', '"x"'],
    ])
  })

  test.each(['../x', 'a.b', 'a\\b', 'a/b', 'a"b', 'a\u0001b', 'x'.repeat(256)])(
    'refuses the reply name %j and skips its line',
    (bad) => {
      expect(read(`:${bad}:{}\n:ok:{}\n`)).toEqual([
        ['bad_reply_name', '', ''],
        ['ok', '{}'],
      ])
    },
  )

  test('refuses a reply name that is not UTF-8, which would become that of another FIFO', () => {
    expect(read(Buffer.from(':caf\xe9:{}\n:ok:{}\n', 'latin1'))).toEqual([
      ['bad_reply_name', '', ''],
      ['ok', '{}'],
    ])
  })

  test('keeps names and texts that are not ASCII', () => {
    const whole = ':é:{"a":"☎ 📞"}'
    expect(read(whole)).toEqual([['é', '{"a":"☎ 📞"}']])
    const bytes = Buffer.from(whole)
    for (let at = 1; at < bytes.length; at++) {
      const it = framing()
      it.push(bytes.subarray(0, at), true)
      it.push(bytes.subarray(at), false)
      expect(it.seen).toEqual([['é', '{"a":"☎ 📞"}']])
    }
  })

  test('refuses a text that is not UTF-8, rather than change it', () => {
    expect(read(Buffer.from(':a:{"x":"\xe9"}\n', 'latin1'))).toEqual([['not_utf8', 'a', '']])
  })
})

describe('what is broken', () => {
  test('is reported at once, and reading goes on at the next line that begins with a colon', () => {
    expect(read(':a:{"x":{bad}\n}\n  :b:{}\n')).toEqual([
      ['not_json', 'a', ''],
      ['no_request', '', ''],
      ['b', '{}'],
    ])
    expect(read('garbage :x:{}\n:b:{}\n')).toEqual([
      ['no_request', '', ''],
      ['b', '{}'],
    ])
  })

  test('is left to the receiver where its end is plain to see', () => {
    expect(read(':a:{bad}\n:b:{"x":[1,2}]\n:c:{}\n:d:{"x":{bad}}:e:[]')).toEqual([
      ['a', '{bad}'],
      ['b', '{"x":[1,2}]'],
      ['c', '{}'],
      ['d', '{"x":{bad}}'],
      ['e', '[]'],
    ])
  })

  test('includes text behind the JSON on its line', () => {
    expect(read(':a:{} more\n:b:{}{}\n:c:{}\n')).toEqual([
      ['trailing_text', 'a', ''],
      ['trailing_text', 'b', ''],
      ['c', '{}'],
    ])
  })

  test('includes a request cut off by the next one, which is not lost', () => {
    expect(read(':a:{"x":[1,\n:b:{}\n')).toEqual([
      ['not_json', 'a', ''],
      ['b', '{}'],
    ])
    expect(read(':a:{"jsonrpc":"2.0","met', ':b:{"jsonrpc":"2.0"}\n')).toEqual([
      ['not_json', 'a', ''],
      ['b', '{"jsonrpc":"2.0"}'],
    ])
    expect(read(':a:{"x":"', 'y\n', ':b:{}\n')).toEqual([
      ['not_json', 'a', ''],
      ['b', '{}'],
    ])
    expect(read(':a', ':b:{}\n')).toEqual([
      ['not_json', 'a', ''],
      ['b', '{}'],
    ])
  })

  test('is resumed from where it began, whatever pieces the request before it came in', () => {
    expect(read(':a', ':{"x":1}\n:b:{"longer":"', 'y\n:c:{}\n')).toEqual([
      ['a', '{"x":1}'],
      ['not_json', 'b', ''],
      ['c', '{}'],
    ])
    expect(read(':a', ':/\n:b:{"longer":"', ':c:{}\n')).toEqual([
      ['not_json', 'a', ''],
      ['bad_reply_name', '', ''],
      ['not_json', 'b', ''],
      ['c', '{}'],
    ])
  })

  test('does not include a text that happens to look like a request, at the beginning of a read', () => {
    expect(read(':a:{"x":"', ':b:{}"}\n')).toEqual([['a', '{"x":":b:{}"}']])
  })
})

describe('an unfinished request', () => {
  test('is known by a number of its own until it is whole or expires', () => {
    const it = framing()
    it.push(':a:{"x"', true)
    const first = it.unfinished()
    it.push(':1', true)
    expect(it.unfinished()).toBe(first)
    it.push('}:b:{', true)
    expect(it.unfinished()).not.toBe(first)
    expect(it.unfinished()).not.toBe(0)
    it.expire()
    expect(it.unfinished()).toBe(0)
    expect(it.seen).toEqual([
      ['a', '{"x":1}'],
      ['unfinished_request', 'b', ''],
    ])
  })

  test('gives way, when it expires, to a request that began with a later read', () => {
    const it = framing()
    it.push(':a:{"met', true)
    it.push(':b:{}', true)
    it.expire()
    expect(it.seen).toEqual([
      ['unfinished_request', 'a', ''],
      ['b', '{}'],
    ])
  })
})

describe('a request over the limit', () => {
  test('is reported once and skipped to its very end, in pieces or whole', () => {
    const large = `{"x":"${'y'.repeat(100)}"}`
    for (const pieces of [[`:a:${large}:b:{}`], [`:a:${large.slice(0, 80)}`, `${large.slice(80)} :b:{}`]]) {
      const it = framing(50)
      for (const piece of pieces) it.push(piece, false)
      expect(it.seen).toEqual([
        ['request_too_large', 'a', ''],
        ['b', '{}'],
      ])
    }
  })

  test('counts the bytes of the JSON alone', () => {
    const it = framing(9)
    it.push(':name:{"x":"é"}\n:name:{"x":"12"}\n:name:{"x":"1"}\n', true)
    expect(it.seen.map(([first]) => first)).toEqual(['request_too_large', 'request_too_large', 'name'])
  })

  test("whose client dies does not take the next client's request with it, nor the one after that", () => {
    for (const next of [':b:{"x":1}\n', ':b:{"x":"1', `:b:{"x":"${'z'.repeat(30)}"}\n`]) {
      const it = framing(50)
      it.push(`:a:{"x":"${'y'.repeat(100)}`, true)
      it.push(next, true)
      it.push(':c:{}\n', true)
      it.expire()
      const whole = next.endsWith('\n')
      expect(it.seen).toEqual([
        ['request_too_large', 'a', ''],
        ...(whole ? [['b', next.slice(3, -1)]] : [['not_json', 'b', '']]),
        ['c', '{}'],
      ])
    }
  })

  test('is refused without losing a request that began in the middle of it', () => {
    const it = framing(50)
    it.push(':a:{"x":"y', true)
    // Seen from the first request these are texts; what follows shows that they are not.
    it.push(`:b:{'x':'${'z'.repeat(60)}'}\n`, true)
    it.push(':c:{}\n', true)
    expect(it.seen.map(([first]) => first)).toContain('c')
  })

  test('that turns out to be broken does not take the next one with it', () => {
    const it = framing(10)
    it.push(`:a:{"x":"${'y'.repeat(50)}`, true)
    it.push('zzz\n:b:{}\n', false)
    expect(it.seen).toEqual([
      ['request_too_large', 'a', ''],
      ['b', '{}'],
    ])
  })
})
