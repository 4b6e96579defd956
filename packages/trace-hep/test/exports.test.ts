import { expect, test } from 'vitest'
import * as traceHep from '../src/index.js'

test('the package exports these names and no others', () => {
  expect(Object.keys(traceHep).sort()).toEqual([
    'HepError',
    'HepProtocolType',
    'createHepCollector',
    'createHepStream',
    'decodeHep',
    'encodeHep',
    'encodeHepInto',
    'hep',
    'hepModule',
    'hepPayloadText',
    'isHepError',
    'trace',
  ])
})
