import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonScanner } from '../src/json-scanner.js'

function scan(text: string) {
  const scanner = new JsonScanner()
  const bytes = Buffer.from(text)
  const stoppedAt = scanner.scan(bytes, 0, bytes.length)
  return { state: scanner.state, stoppedAt, scanner }
}

/** How people and programs print JSON. */
const printed = fc
  .tuple(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t', '\r\n '))
  .map(([value, indent]) => JSON.stringify(value, null, indent))

describe('the end of a JSON value', () => {
  test('is found whatever follows it', () => {
    fc.assert(
      fc.property(printed, fc.constantFrom('\n', ':x:{}', ' {}', '}', '"'), (json, rest) => {
        const { state, stoppedAt } = scan(json + rest)
        expect(state).toBe('complete')
        expect(stoppedAt).toBe(Buffer.byteLength(json))
      }),
    )
  })

  test('is found whatever pieces the value comes in', () => {
    fc.assert(
      fc.property(printed, fc.array(fc.nat(), { maxLength: 8 }), (json, cuts) => {
        const bytes = Buffer.from(`${json}\n`)
        const scanner = new JsonScanner()
        let at = 0
        for (const cut of [...cuts.map((each) => each % bytes.length).sort((a, b) => a - b), bytes.length]) {
          if (scanner.state === 'partial') at = scanner.scan(bytes, at, cut)
        }
        expect(scanner.state).toBe('complete')
        expect(at).toBe(bytes.length - 1)
      }),
    )
  })

  test('is not there yet in any beginning of an object, array or text', () => {
    fc.assert(
      fc.property(printed, fc.nat(), (json, cut) => {
        fc.pre(/^["[{]/.test(json))
        const bytes = Buffer.from(json)
        const scanner = new JsonScanner()
        const length = cut % bytes.length
        expect(scanner.scan(bytes, 0, length)).toBe(length)
        expect(scanner.state).toBe('partial')
      }),
    )
  })

  test('of a number or literal at the top shows by what follows', () => {
    for (const scalar of ['12.5e-3', 'true', 'false', 'null', '-0']) {
      expect(scan(scalar)).toMatchObject({ state: 'partial', scanner: { inTopScalar: true } })
      expect(scan(`${scalar}\n`)).toMatchObject({ state: 'complete', stoppedAt: scalar.length })
    }
  })
})

describe('text that is no JSON', () => {
  test.each([
    ['bad', 0],
    ['{bad}', 1],
    ['{"a" 1}', 5],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['{"a":1 "b"', 7],
    ['[1,]', 3],
    ['[1}', 2],
    ['{]', 1],
    ['"a\nb"', 2],
    ['"a\\\nb"', 3],
    ['}', 0],
    [',', 0],
    ['\u00a0', 0],
    ['{"a"\n:rf:{}}', 6],
  ])('is noticed at its first wrong byte: %j at %i', (text, at) => {
    expect(scan(text)).toMatchObject({ state: 'invalid', stoppedAt: at })
  })

  test('never passes for a whole value that JSON.parse refuses, but for the spelling inside of scalars and texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ \n1at'), maxLength: 12 }), (text) => {
        const { state, stoppedAt } = scan(`${text}\n`)
        if (state !== 'complete') return
        const value = text.slice(0, stoppedAt)
        const tamed = value.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/[1at]+/g, '1')
        expect(() => JSON.parse(tamed)).not.toThrow()
      }),
      { numRuns: 5000 },
    )
  })

  test('and whole values that JSON.parse takes are never refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ 1n'), maxLength: 10 }), (text) => {
        try {
          JSON.parse(text)
        } catch {
          return
        }
        expect(scan(`${text}\n`).state).toBe('complete')
      }),
      { numRuns: 5000 },
    )
  })
})

test('tells whether the value holds anything but ASCII', () => {
  expect(scan('{"a":"b"}').scanner.nonAscii).toBe(false)
  expect(scan('{"a":"é"}').scanner.nonAscii).toBe(true)
})

test('can be used again after reset, also in the middle of a value', () => {
  const { scanner } = scan('[[[{"a')
  scanner.reset()
  expect(scanner.untouched).toBe(true)
  const bytes = Buffer.from('{"a":[1]}')
  expect(scanner.scan(bytes, 0, bytes.length)).toBe(bytes.length)
  expect(scanner.state).toBe('complete')
})

test('follows nesting of any depth', () => {
  const deep = 100_000
  expect(scan(`${'['.repeat(deep)}${']'.repeat(deep)}`)).toMatchObject({ state: 'complete', stoppedAt: 2 * deep })
})
