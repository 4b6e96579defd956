import { hepVectors } from '@mi/fixtures'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PayloadSettings, replyPayload, requestPayload } from '../../src/tracer/trace-payload.js'

const homer5: PayloadSettings = { format: 'homer5', homer5Delim: ':', maxParameterBytes: 127, maxReplyBytes: 128 }
const homer6: PayloadSettings = { ...homer5, format: 'homer6' }
const ROOM = 65_000

const withMi = hepVectors.filter(({ mi }) => mi !== null)

describe('payloads', () => {
  test.each(withMi)('are those of OpenSIPS: $name', ({ format, mi, decoded }) => {
    const settings = format === 'homer6' ? homer6 : homer5
    const payload =
      mi?.kind === 'request'
        ? requestPayload(settings, mi.command ?? '', mi.backend ?? '', mi.parameters ?? '', ROOM)
        : replyPayload(settings, mi?.reply ?? '', ROOM)
    expect(payload).toBe(decoded.payload)
  })

  test('of the recordings are enough to tell', () => {
    expect(withMi.length).toBeGreaterThan(30)
    expect(new Set(withMi.map(({ format, mi }) => `${format} ${mi?.kind}`)).size).toBe(4)
  })

  test('cut a long reply after 128 octets and parameters after 127, never within a character', () => {
    expect(replyPayload(homer5, 'é'.repeat(100), ROOM)).toBe('é'.repeat(64))
    expect(requestPayload(homer5, 'c', 'fifo', 'é'.repeat(100), ROOM)).toBe(`c:fifo:${'é'.repeat(63)}`)
    expect(JSON.parse(replyPayload(homer6, `"${'x'.repeat(200)}`, ROOM))).toEqual({ reply: `"${'x'.repeat(127)}` })
  })

  test('leave out what is empty', () => {
    expect(replyPayload(homer5, '', ROOM)).toBe('')
    expect(replyPayload(homer6, '', ROOM)).toBe('')
    expect(requestPayload(homer6, 'c', 'fifo', '', ROOM)).toBe('{\n\t"command":\t"c",\n\t"backend":\t"fifo"\n}')
    expect(requestPayload(homer5, '', 'fifo', 'a', ROOM)).toBe('fifo:a')
  })

  test('have any text between the parts for HOMER 5', () => {
    expect(requestPayload({ ...homer5, homer5Delim: ' | ' }, 'c', 'fifo', 'a:b', ROOM)).toBe('c | fifo | a:b')
  })

  test('escape for HOMER 6 as cJSON does', () => {
    const odd = 'a"\\\b\f\n\r\t\u0001\u001f/\u007fé€😀'
    const escaped = 'a\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/\u007fé€😀'
    expect(replyPayload(homer6, odd, ROOM)).toBe(`{\n\t"reply":\t"${escaped}"\n}`)
  })

  const whole: PayloadSettings = { ...homer6, maxParameterBytes: 65_535, maxReplyBytes: 65_535 }
  const anyText = fc.string({
    unit: fc.constantFrom('a', '"', '\n', '\u0001', 'é', '€', '😀', '\ud83d'),
    maxLength: 60,
  })

  test('never take more room than there is, and stay JSON whose texts begin as they did', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.integer({ min: 60, max: 300 }), (command, parameters, reply, room) => {
        const request = requestPayload(whole, command, 'fifo', parameters, room)
        const answer = replyPayload(whole, reply, room)
        expect(Buffer.byteLength(request)).toBeLessThanOrEqual(room)
        expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(room)
        const read: Record<string, string> = JSON.parse(request)
        expect(command.startsWith(read.command ?? '')).toBe(true)
        expect(parameters.startsWith(read.parameters ?? '')).toBe(true)
        if (answer !== '') expect(reply.startsWith(JSON.parse(answer).reply)).toBe(true)
        const plain = requestPayload({ ...whole, format: 'homer5' }, command, 'fifo', parameters, room)
        expect(Buffer.byteLength(plain)).toBeLessThanOrEqual(room)
      }),
    )
  })

  test('use the room that there is', () => {
    const payload = replyPayload(whole, '"'.repeat(70_000), 65_000)
    expect(Buffer.byteLength(payload)).toBeGreaterThan(64_996)
    expect(Buffer.byteLength(replyPayload(whole, '€'.repeat(65_535), 65_000))).toBeGreaterThan(64_996)
  })
})
