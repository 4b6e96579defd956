import { expect, test } from 'vitest'
import * as compliance from '../src/index.js'

test('the package exports these names and no others', () => {
  expect(Object.keys(compliance).sort()).toEqual([
    'clientTransportCases',
    'clientTransportSuite',
    'createInbox',
    'serverTransportCases',
    'serverTransportSuite',
  ])
})
