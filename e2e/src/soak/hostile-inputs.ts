import { encodeHep } from '@mi/trace-hep'
import type { Target } from './messages.js'

/** Inputs between two valid requests. */
export const BLOCK_INPUTS = 1_000

/** Whole numbers from 0 on, below a limit. */
type Random = (limit: number) => number

/**
 * The hostile inputs of one block, the same ones for the same seed: each is a datagram, or what is written to the FIFO. None of them
 * changes what the server does with others: they run no command that resets, ends or configures it.
 */
export function hostileInputs(target: Target, seed: number, block: number): Buffer[] {
  const random = randomOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(block + 1, 0x85ebca6b))
  return Array.from({ length: BLOCK_INPUTS }, () => {
    if (target === 'hep' || target === 'decoder') return hepInput(random)
    const json = jsonInput(random, target)
    return target === 'fifo' ? Buffer.concat([fifoHead(random), json, fifoEnd(random)]) : json
  })
}

/** mulberry32. */
function randomOf(seed: number): Random {
  let state = seed | 0
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

const REQUESTS = [
  '{"jsonrpc":"2.0","method":"soak:echo","params":{"id":"x"},"id":1}',
  '{"jsonrpc":"2.0","method":"soak:echo","params":["x",10],"id":"a"}',
  '{"jsonrpc":"2.0","method":"echo","params":{"id":"\\u00e4\\ud83d\\ude00"},"id":12345678901234567890}',
  '{"jsonrpc":"2.0","method":"soak:later","params":{"id":"x","ms":"5"},"id":1.0}',
  '{"jsonrpc":"2.0","method":"soak:echo","params":{"id":"x"}}',
  '{"jsonrpc":"2.0","method":"which","params":["core:"],"id":null}',
  '{"jsonrpc":"2.0","method":"get_statistics","params":[["all"]],"id":1}',
  '{"jsonrpc":"2.0","method":"rpc.discover","id":1}',
  '[{"jsonrpc":"2.0","method":"uptime","id":1},{"jsonrpc":"2.0","method":"version"},7]',
  '{"jsonrpc":"2.0","method":"help","params":["soak:echo"],"id":1}',
  '{"jsonrpc":"2.0","method":"kill","id":1}',
  // What other servers answer.
  '{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request"},"id":null}',
  '400 Parse_error',
]

const VALUES = [
  'null',
  '-0',
  '1e999',
  '9007199254740993',
  '0.1e-400',
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '"__proto__"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"id":1}}',
  'true',
  '"soak:echo"',
  '{"id":"a","id":"b"}',
  '"2147483648"',
  '["a",["b"],{"c":null}]',
]

function jsonInput(random: Random, target: Target): Buffer {
  const kind = random(1_000)
  if (kind < 400) return mutated(Buffer.from(pick(random, REQUESTS)), random)
  if (kind < 600) return Buffer.from(oddRequest(random))
  if (kind < 700) return Buffer.from(pick(random, REQUESTS)).subarray(0, random(60))
  if (kind < 780) return binary(random, 1 + random(300))
  if (kind < 830) return Buffer.from(`${pick(random, REQUESTS)}${'\0'.repeat(1 + random(3))}`)
  if (kind < 880) return Buffer.alloc(1 + random(200), pick(random, ['\0', '\n', ' ', '"', '[', '{', ':', '\\', '}']))
  if (kind < 940) return Buffer.from(batchOf(1 + random(10), random))
  if (kind < 960) return Buffer.from(nested(random, 1 + random(300)))
  if (kind < 980) return Buffer.from(pick(random, REQUESTS).replace('"x"', `"${'y'.repeat(random(3_000))}"`))
  if (kind < 998)
    return Buffer.from(pick(random, REQUESTS).replace('2.0', pick(random, ['1.0', '2', '', '2.0\\u0000'])))
  return Buffer.from(largeInput(random, target === 'fifo' ? 1_100_000 : target === 'unix' ? 200_000 : 65_507))
}

/** An object with the members of a request, each of which may be anything or be missing. */
function oddRequest(random: Random): string {
  const value = (): string => pick(random, VALUES)
  const members = [
    random(10) > 0 ? '"jsonrpc":"2.0"' : `"jsonrpc":${value()}`,
    random(3) > 0
      ? `"method":"${pick(random, ['soak:echo', 'echo', 'which', 'nope', ':', 'a:b:c', ''])}"`
      : `"method":${value()}`,
    `"params":${random(3) > 0 ? `{"id":${value()}}` : value()}`,
    `"id":${value()}`,
  ].filter(() => random(8) > 0)
  if (random(4) === 0) members.reverse()
  return `{${members.join(pick(random, [',', ',', ',', ' , ', ',,']))}}`
}

function batchOf(count: number, random: Random): string {
  const entries = Array.from({ length: count }, () => (random(3) > 0 ? pick(random, REQUESTS) : oddRequest(random)))
  return `[${entries.join(',')}]`
}

function nested(random: Random, depth: number): string {
  const [open, close] = random(2) === 0 ? ['[', ']'] : ['{"a":', '}']
  const value =
    open.repeat(depth) + (random(2) === 0 ? '1' : '') + close.repeat(random(2) === 0 ? depth : random(depth))
  return `{"jsonrpc":"2.0","method":"soak:echo","params":${value},"id":1}`
}

/** Something near the limits of the transport, or beyond. */
function largeInput(random: Random, limit: number): string {
  const fill = (start: string, part: string, end: string): string => {
    const length = limit - random(2_000) - start.length - end.length
    return start + part.repeat(Math.floor(length / part.length)) + end
  }
  switch (random(5)) {
    case 0:
      return fill('{"jsonrpc":"2.0","method":"soak:echo","params":{"id":"', 'x', '"},"id":1}')
    case 1:
      return fill('{"jsonrpc":"2.0","method":"uptime","id":"', '\\u00e4', '"}')
    case 2:
      return fill('', '[', '')
    case 3:
      return fill('[', `${pick(random, REQUESTS)},`, '1]')
    default:
      return fill('{"jsonrpc":"2.0","method":"soak:echo","params":{"id":"x","bytes":', '1', '},"id":1}')
  }
}

/** Reply FIFOs, and what is not one: `makeReplyNames` of hostile.ts makes them. */
export const REPLY_NAMES = {
  read: 'h-read',
  mute: 'h-mute',
  absent: 'h-absent',
  noReader: 'h-noreader',
  file: 'h-file',
  link: 'h-link',
  directory: 'h-dir',
} as const

function fifoHead(random: Random): Buffer {
  switch (random(12)) {
    case 0:
      return Buffer.from(`:${pick(random, ['..', 'a/b', '.h', 'a\\b', '\u00e4', 'n'.repeat(300), '"', ' '])}:`)
    case 1:
      return Buffer.from(pick(random, ['', ':', ':::', 'garbage', ': :', ':h-read', ':h-read\n:', '\n\n']))
    case 2:
      return Buffer.concat([Buffer.from(':'), binary(random, 1 + random(20)), Buffer.from(':')])
    case 3:
    case 4:
      return Buffer.from('::')
    default:
      return Buffer.from(`:${pick(random, Object.values(REPLY_NAMES))}:`)
  }
}

function fifoEnd(random: Random): Buffer {
  return Buffer.from(random(3) > 0 ? '\n' : pick(random, ['', ' ', '\0\n', 'x', '\r\n', '\n\n', ',', ':']))
}

const HEP_PACKETS: readonly Buffer[] = ([1, 2, 3] as const).flatMap((version) =>
  ['INVITE sip:a@b SIP/2.0\r\n\r\n', '{"command":"ps","backend":"fifo"}', ''].map((payload) =>
    encodeHep({
      version,
      family: 2,
      ipProto: 17,
      srcIp: '10.0.0.1',
      dstIp: '10.0.0.2',
      srcPort: 5060,
      dstPort: 5061,
      timeSec: 1_700_000_000,
      timeUsec: 1,
      protoType: version === 3 ? 0x57 : undefined,
      captureId: 1,
      ...(version === 3 && { correlationId: 'abc', nodeName: 'n' }),
      payload: Buffer.from(payload),
    }),
  ),
)

function hepInput(random: Random): Buffer {
  const kind = random(100)
  const packet = pick(random, HEP_PACKETS)
  if (kind < 60) return mutated(packet, random)
  if (kind < 75) return packet.subarray(0, random(packet.length))
  if (kind < 85) return Buffer.concat([packet, binary(random, random(100))])
  if (kind < 90) return Buffer.concat([packet.subarray(0, random(20)), binary(random, random(2_000))])
  if (kind < 95) return packet
  return binary(random, random(300))
}

function mutated(valid: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(valid)
  for (let count = random(4); count >= 0; count--) {
    const at = random(bytes.length)
    switch (random(6)) {
      case 0:
        bytes[at] = random(256)
        break
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(8))])
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(at + 1))])
        break
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), binary(random, 1 + random(8)), bytes.subarray(at)])
        break
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(random, VALUES)), bytes.subarray(at)])
    }
  }
  return bytes
}

function binary(random: Random, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; at++) bytes[at] = random(256)
  return bytes
}

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random(values.length)]
  if (value === undefined) throw new RangeError('there is nothing to choose from')
  return value
}
