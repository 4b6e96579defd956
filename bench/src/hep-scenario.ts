import { createRequire } from 'node:module'
import { decodeHep, encodeHep, encodeHepInto, hepPayloadText } from '@mi/trace-hep'
import { median } from './median.js'
import type { Scenario } from './scenario.js'

/** One traced command as OpenSIPS sends it, recorded: homer6, 212 bytes. */
const packet = Buffer.from(
  '4845503300d400000001000702000000020007060000000700089c400000000800081f9000000009000a6b003fb20000000a000a000885c1' +
    '0000000b0007570000000c000a000007d100000003000a7f00000100000004000a7f0000010000000f004f7b0a0922636f6d6d616e64223a' +
    '09226c6f675f6c6576656c222c0a09226261636b656e64223a0922646174616772616d222c0a0922706172616d6574657273223a0922332c' +
    '31220a7d0000001100284d49434f525252314141414c412f41477467347859414141414141436b4c7277453d',
  'hex',
)

interface HepJs {
  encapsulate(payload: string, info: Readonly<Record<string, unknown>>): Buffer
  decapsulate(packet: Buffer): { readonly payload: string; readonly rcinfo: Readonly<Record<string, unknown>> }
}

/** hep-js has no types: these are the two functions of its version 1.0.22. */
function loadHepJs(): HepJs {
  return createRequire(import.meta.url)('hep-js') as HepJs
}

// Before anything is measured: loaded after the scenario of the client, it did not find its dependencies.
const hepJs = loadHepJs()

/** Packets of one measurement; a few of them make a round, in turn with the others. */
const batch = 20_000

/** The codec of @mi/trace-hep beside hep-js, in one process. */
export const hepScenario: Scenario = {
  name: 'hep',
  describe: ({ rounds, seconds }) =>
    `encode and decode one MI trace of ${packet.length} bytes, ${rounds} rounds of ${seconds} s, beside hep-js`,
  async run({ rounds, seconds }) {
    const { payload, ...fields } = decodeHep(packet)
    const message = { ...fields, payload: payload?.toString() ?? '' }
    const { rcinfo, payload: theirPayload } = hepJs.decapsulate(packet)
    assertSame(
      'what hep-js encodes',
      hepPayloadText(decodeHep(hepJs.encapsulate(theirPayload, rcinfo))),
      message.payload,
    )
    assertSame('what hep-js decodes', hepJs.decapsulate(encodeHep(message)).payload, message.payload)
    assertSame('what is encoded', encodeHep(message).toString('hex'), packet.toString('hex'))
    const memory = Buffer.alloc(1_024)
    const measured = {
      encode: { what: 'encode', run: () => encodeHep(message) },
      encodeInto: { what: 'encode into given memory', run: () => encodeHepInto(message, memory) },
      theirEncode: { what: 'encode, hep-js', run: () => hepJs.encapsulate(theirPayload, rcinfo) },
      decode: { what: 'decode', run: () => decodeHep(packet) },
      theirDecode: { what: 'decode, hep-js', run: () => hepJs.decapsulate(packet) },
    }
    const contenders = Object.values(measured)
    for (const { run } of contenders) nanosecondsEach(run)
    const times = new Map(contenders.map(({ what }) => [what, [] as number[]]))
    for (let round = 0; round < rounds; round++) {
      const end = performance.now() + seconds * 1_000
      const slices = new Map(contenders.map(({ what }) => [what, [] as number[]]))
      do {
        for (const { what, run } of contenders) slices.get(what)?.push(nanosecondsEach(run))
      } while (performance.now() < end)
      for (const { what } of contenders) times.get(what)?.push(median(slices.get(what) ?? []))
    }
    const of = (what: string): number => median(times.get(what) ?? [])
    const rate = (what: string, theirs: string): number => of(theirs) / of(what)
    const { encode, theirEncode, decode, theirDecode } = measured
    return {
      head: ['', 'ns a packet', 'packets/s', 'times hep-js'],
      rows: contenders.map(({ what }) => [
        what,
        of(what).toFixed(0),
        Math.round(1e9 / of(what)).toString(),
        rate(what, what.startsWith('encode') ? theirEncode.what : theirDecode.what).toFixed(1),
      ]),
      targets: [
        {
          what: 'hep: encode, times as fast as hep-js',
          value: rate(encode.what, theirEncode.what),
          limit: 6,
          direction: 'at least',
        },
        {
          what: 'hep: decode, times as fast as hep-js',
          value: rate(decode.what, theirDecode.what),
          limit: 15,
          direction: 'at least',
        },
      ],
    }
  },
}

/** Results go here, so that the compiler does not leave the calls out. */
let sink: unknown

function nanosecondsEach(run: () => unknown): number {
  const start = process.hrtime.bigint()
  for (let count = 0; count < batch; count++) sink = run()
  const took = Number(process.hrtime.bigint() - start) / batch
  if (sink === undefined) throw new Error('nothing came out')
  return took
}

function assertSame(what: string, found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`${what} differs: ${found} instead of ${wanted}`)
}
