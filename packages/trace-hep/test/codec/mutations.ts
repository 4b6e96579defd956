import { hepVectors } from '@mi/fixtures'
import { encodeHep } from '../../src/index.js'
import { miTrace } from './support.js'

/** Numbers from 0 up to below `limit`, the same for the same seed. */
export type Random = (limit: number) => number

/** xorshift32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state = (state ^ (state << 5)) >>> 0
    return state % limit
  }
}

const every = {
  ...miTrace,
  keepAliveSec: 1,
  authKey: 'key',
  vlanId: 2,
  nodeName: 'nöde',
  srcMac: 3n,
  dstMac: 4n,
  ethernetType: 5,
  tcpFlags: 6,
  ipTos: 7,
  mos: 8,
  rFactor: 9,
  geoLocation: 'geo',
  jitter: 10,
  transactionType: 'call',
  jsonKeys: 'a',
  tagValues: 'b',
  tagType: 11,
  eventType: 12,
  groupId: 'g',
  extraCorrelation: '{}',
  chunks: [{ vendor: 3, type: 15, body: Buffer.from('vendor') }],
}
const ipv6 = { family: 10, srcIp: '2001:db8::1', dstIp: '::ffff:10.0.0.1' }

/** Good packets of every kind. */
export const corpus: readonly Buffer[] = [
  ...hepVectors.map(({ hex }) => Buffer.from(hex, 'hex')),
  encodeHep(every),
  encodeHep({ ...every, ...ipv6 }),
  encodeHep({ ...miTrace, compressed: true }),
  encodeHep({ ...miTrace, ...ipv6, compressed: true, payload: 'text '.repeat(200) }),
  encodeHep({ ...miTrace, ...ipv6, version: 1 }),
  encodeHep({ ...miTrace, ...ipv6, version: 2 }),
  encodeHep({}),
]

/** Octets that lengths, families and versions turn on. */
const interesting = [0, 1, 2, 3, 5, 6, 7, 8, 10, 0x0f, 0x10, 0x11, 0x7f, 0x80, 0xff]

/** A packet with one to four things changed in it. */
export function mutated(random: Random): Buffer {
  let bytes: Buffer = Buffer.from(pick(corpus, random))
  for (let changes = 1 + random(4); changes > 0; changes--) bytes = change(bytes, random)
  return bytes
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = random(bytes.length + 1)
  const other = random(bytes.length + 1)
  const [start, end] = at < other ? [at, other] : [other, at]
  switch (random(9)) {
    case 0:
      if (at < bytes.length) bytes[at] = bytes.readUInt8(at) ^ (1 << random(8))
      return bytes
    case 1:
      if (at < bytes.length) bytes[at] = random(256)
      return bytes
    case 2:
      if (at < bytes.length) bytes[at] = pick(interesting, random)
      return bytes
    case 3:
      return bytes.subarray(0, at)
    case 4:
      return Buffer.concat([bytes, Buffer.alloc(random(20), random(256))])
    case 5:
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
    case 6:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)])
    case 7:
      return Buffer.concat([bytes.subarray(0, at), pick(corpus, random).subarray(random(100))])
    default:
      // Its length made right again, so that the chunks are looked at.
      if (bytes.length >= 6) bytes.writeUInt16BE(bytes.length & 0xffff, 4)
      return bytes
  }
}

function pick<T>(values: readonly T[], random: Random): T {
  const value = values[random(values.length)]
  if (value === undefined) throw new RangeError('nothing to pick from')
  return value
}
