import { hepVectors } from '@mi/fixtures'
import fc from 'fast-check'
import hepJs from 'hep-js'
import { expect, test } from 'vitest'
import { decodeHep, encodeHep, type HepMessage, hepPayloadText } from '../../src/index.js'
import { fieldsOf, miTrace } from './support.js'

/** Of what hep-js can do: IPv4 only, and texts that are ASCII, as it counts characters rather than octets. */
const message = fc
  .record({
    ipProto: fc.nat(0xff),
    srcIp: fc.ipV4(),
    dstIp: fc.ipV4(),
    srcPort: fc.nat(0xffff),
    dstPort: fc.nat(0xffff),
    timeSec: fc.nat(0xffff_ffff),
    timeUsec: fc.nat(999_999),
    protoType: fc.nat(0xff),
    captureId: fc.nat(0xffff_ffff),
    authKey: fc.stringMatching(/^[ -~]{1,20}$/),
    nodeName: fc.stringMatching(/^[ -~]{1,20}$/),
    correlationId: fc.stringMatching(/^[ -~]{1,40}$/),
    payload: fc.stringMatching(/^[ -~\r\n\t]{0,200}$/),
  })
  .map((fields) => ({ version: 3 as const, family: 2, ...fields }))

type Plain = typeof message extends fc.Arbitrary<infer T> ? T : never

/** In the words of hep-js. */
function infoOf({ payload: _payload, version: _version, ...fields }: Plain) {
  return {
    protocolFamily: fields.family,
    protocol: fields.ipProto,
    srcIp: fields.srcIp,
    dstIp: fields.dstIp,
    srcPort: fields.srcPort,
    dstPort: fields.dstPort,
    timeSeconds: fields.timeSec,
    timeUseconds: fields.timeUsec,
    payloadType: fields.protoType,
    captureId: fields.captureId,
    capturePass: fields.authKey,
    hepNodeName: fields.nodeName,
    correlation_id: fields.correlationId,
  }
}

test('hep-js reads what is encoded here', () => {
  fc.assert(
    fc.property(message, (fields) => {
      expect(hepJs.decapsulate(encodeHep(fields))).toEqual({ rcinfo: infoOf(fields), payload: fields.payload })
    }),
    { numRuns: 300 },
  )
})

test('what hep-js encodes is read here', () => {
  fc.assert(
    fc.property(message, (fields) => {
      const read: HepMessage = decodeHep(hepJs.encapsulate(fields.payload, infoOf(fields)))
      expect(fieldsOf(read)).toEqual({ ...fields, payload: Buffer.from(fields.payload) })
    }),
    { numRuns: 300 },
  )
})

test('both read the packets of a live OpenSIPS server alike', () => {
  for (const { version, hex } of hepVectors) {
    if (version !== 3) continue
    const bytes = Buffer.from(hex, 'hex')
    const ours = decodeHep(bytes)
    expect(hepJs.decapsulate(bytes)).toMatchObject({
      payload: hepPayloadText(ours),
      rcinfo: { srcIp: ours.srcIp, dstPort: ours.dstPort, correlation_id: ours.correlationId },
    })
  }
})

test('hep-js passes over what it does not know', () => {
  const bytes = encodeHep({
    ...miTrace,
    payload: 'text',
    srcMac: 1n,
    groupId: 'g',
    extraCorrelation: '{}',
    chunks: [{ vendor: 3, type: 0x102, body: Buffer.from('vendor') }],
  })
  expect(hepJs.decapsulate(bytes)).toMatchObject({ payload: 'text', rcinfo: { correlation_id: miTrace.correlationId } })
})
