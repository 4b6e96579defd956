import { hepVectors } from '@mi/fixtures'
import { describe, expect, test } from 'vitest'
import { readMiPayload } from '../../src/collector/mi-traces.js'

const withMi = hepVectors.flatMap(({ name, mi, decoded }) =>
  mi === null ? [] : [{ name, mi, payload: decoded.payload }],
)

describe('reading a payload', () => {
  test.each(withMi)('gives what OpenSIPS traced: $name', ({ mi, payload }) => {
    const { kind, command, backend, parameters, reply } = mi
    expect(readMiPayload(payload, kind === 'reply')).toEqual(
      kind === 'reply' ? { kind, reply } : { kind, command, backend, parameters: parameters ?? undefined },
    )
  })

  test.each([
    ['core:log_level:fifo:4:5', { command: 'core:log_level', backend: 'fifo', parameters: '4:5' }],
    ['ps:own-backend', { command: 'ps', backend: 'own-backend', parameters: undefined }],
  ])('of %s finds the backend', (text, request) => {
    expect(readMiPayload(text, false)).toEqual({ kind: 'request', ...request })
  })

  test.each([
    '{"jsonrpc":"2.0","resu',
    '[{"jsonrpc":"2.0"}]',
    '400 Parse_error',
    'text',
    '{\n\t"jsonrpc":\t"2.0"\n}',
    'null',
  ])('of %j takes it for a reply when its request was not seen', (text) => {
    expect(readMiPayload(text, false)).toEqual({ kind: 'reply', reply: text })
  })

  test('takes what follows a request for its reply, whatever it looks like', () => {
    expect(readMiPayload('a:fifo:b', true)).toEqual({ kind: 'reply', reply: 'a:fifo:b' })
  })

  test('knows another delimiter', () => {
    expect(readMiPayload('a|fifo|b:c', false, '|')).toMatchObject({ command: 'a', parameters: 'b:c' })
  })
})
