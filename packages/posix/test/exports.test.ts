import { expect, test } from 'vitest'
import * as posix from '../src/index.js'

test('the package exports these names and no others', () => {
  expect(Object.keys(posix).sort()).toEqual([
    'DatagramPeer',
    'mkfifo',
    'openDatagram',
    'openSharedNumbers',
    'posixSupport',
    'writeFifo',
  ])
})
