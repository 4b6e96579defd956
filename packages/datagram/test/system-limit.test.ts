import { expect, test } from 'vitest'
import { systemLimit } from '../src/system-limit.js'

test.each([
  ['212992\n', 425_952],
  ['1000000000\n', 8_388_576],
])('with wmem_max %j Linux takes %i bytes over a UNIX socket', (setting, limit) => {
  expect(systemLimit('unix', () => setting)).toBe(limit)
})

test('where the setting cannot be read the limit of a UNIX socket is not known', () => {
  const unreadable = (): string => {
    throw new Error('ENOENT')
  }
  expect(systemLimit('unix', unreadable)).toBeUndefined()
  expect(systemLimit('unix', () => '')).toBeUndefined()
})

test('a UDP datagram has room for what the headers leave', () => {
  expect([systemLimit('udp4'), systemLimit('udp6')]).toEqual([65_507, 65_527])
})
