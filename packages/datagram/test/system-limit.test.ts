import { expect, test } from 'vitest'
import { refusedLimit, systemLimit } from '../src/system-limit.js'

test.each([
  ['212992\n', 425_952],
  ['1000000000\n', 8_388_576],
])('with wmem_max %j Linux takes %i octets over a UNIX socket', (setting, limit) => {
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

test.each([
  ['udp6', 65_528, 65_527, 65_527],
  ['udp6', 65_508, 65_527, 65_507],
  ['udp6', 9_000, 65_527, undefined],
  ['udp4', 65_508, 65_507, 65_507],
  ['unix', 300_000, 425_952, undefined],
  ['unix', 500_000, 425_952, 425_952],
  ['unix', 500_000, undefined, undefined],
] as const)('over %s, what %i octets exceeded where the socket takes %j is %j', (type, octets, limit, refused) => {
  expect(refusedLimit(type, octets, limit)).toBe(refused)
})
