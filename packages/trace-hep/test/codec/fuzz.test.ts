import { expect, test } from 'vitest'
import { createHepStream, decodeHep, encodeHep, HepError, type HepMessage } from '../../src/index.js'
import { mutated, randomFrom } from './mutations.js'

// More: HEP_FUZZ_PACKETS=1000000. The packets of a failure again: HEP_FUZZ_SEED and what the failure names.
const packets = Number(process.env.HEP_FUZZ_PACKETS ?? 250_000)
const seed = Number(process.env.HEP_FUZZ_SEED ?? Date.now() % 2 ** 32)

/** What a decoder makes of the bytes: a message or an error of ours, and nothing else. */
function outcome(bytes: Buffer, lenient: boolean): HepMessage | HepError {
  try {
    return decodeHep(bytes, { lenient })
  } catch (error) {
    if (error instanceof HepError) return error
    throw error
  }
}

/** The bytes in the middle of others. */
function surrounded(bytes: Buffer, filler: number): Buffer {
  const larger = Buffer.alloc(bytes.length + 200, filler)
  bytes.copy(larger, 100)
  return larger.subarray(100, 100 + bytes.length)
}

test(`whatever the bytes are, they are a message or a HepError (seed ${seed}, ${packets} packets)`, {
  timeout: 300_000,
}, () => {
  const random = randomFrom(seed)
  const { stackTraceLimit } = Error
  // Half of the packets are errors, and their stacks would take most of the time.
  Error.stackTraceLimit = 0
  const counts = { messages: 0, errors: 0 }
  try {
    for (let count = 0; count < packets; count++) {
      const bytes = mutated(random)
      const lenient = (count & 1) === 1
      let result: HepMessage | HepError
      try {
        result = outcome(bytes, lenient)
        if (count % 64 < 2) check(bytes, lenient, result)
      } catch (error) {
        throw new Error(`seed ${seed}, packet ${count}, ${bytes.toString('hex')}, lenient: ${lenient}`, {
          cause: error,
        })
      }
      if (result instanceof HepError) counts.errors++
      else counts.messages++
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  // Neither of the two is the rule: the changes reach beyond the first check.
  expect(Math.min(counts.messages, counts.errors)).toBeGreaterThan(packets / 10)
})

function check(bytes: Buffer, lenient: boolean, result: HepMessage | HepError): void {
  // What stands around the bytes makes no difference: it is not read.
  const first = outcome(surrounded(bytes, 0), lenient)
  const second = outcome(surrounded(bytes, 0xff), lenient)
  expect([first, second]).toEqual([result, result])
  if (result instanceof HepError) {
    expect(result.offset).toBeGreaterThanOrEqual(0)
    expect(result.offset).toBeLessThanOrEqual(bytes.length)
    expect(result.chunk).not.toBe('')
    return
  }
  if (lenient) return
  expect(outcome(bytes, true)).toEqual(result)
  const { surplusBytes: _, ...message } = result
  expect(decodeHep(encodeHep(message))).toEqual(message)
}

test(`a stream hands on the same from any octets in any pieces (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    for (let count = 0; count < 3_000; count++) {
      const bytes = Buffer.concat(Array.from({ length: 1 + random(4) }, () => mutated(random)))
      const inPieces: Buffer[] = []
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + random(60)
        inPieces.push(bytes.subarray(at, end))
        at = end
      }
      expect(seenIn(inPieces)).toEqual(seenIn([bytes]))
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
})

function seenIn(pieces: readonly Buffer[]): unknown[] {
  const seen: unknown[] = []
  const stream = createHepStream({
    message: (message) => seen.push(message),
    broken: (error, bytes) => seen.push([error.code, error.chunk, error.offset, bytes]),
  })
  try {
    for (const piece of pieces) stream.push(piece)
    seen.push(stream.pendingBytes)
  } catch (error) {
    if (!(error instanceof HepError)) throw error
    seen.push(error.code)
  }
  return seen
}
