import { expect, test } from 'vitest'
import * as client from '../src/index.js'

test('the package exports these names and no others', () => {
  expect(Object.keys(client).sort()).toEqual([
    'connect',
    'createClient',
    'fifo',
    'http',
    'logRequests',
    'measureRequests',
    'retry',
    'udp',
    'unixDatagram',
  ])
})
