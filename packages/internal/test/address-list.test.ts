import { BlockList } from 'node:net'
import { describe, expect, test } from 'vitest'
import { AddressList, isAddressList, isLoopback, mappedIPv4 } from '../src/address-list.js'

describe('a list of addresses holds', () => {
  test.each([
    [['127.0.0.1'], '127.0.0.1', true],
    [['10.0.0.0/8'], '11.0.0.1', false],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
    [['0.0.0.0/0'], '::1', false],
    [['::/0'], '8.8.8.8', false],
    [['fe80::/10'], 'fe80::1%eth0', true],
    [['10.0.0.0/8'], 'no address', false],
  ])('%j: %s: %s', (list, address, expected) => {
    expect(new AddressList(list, 'x').has(address)).toBe(expected)
  })

  test('what a BlockList holds, also what is added later', () => {
    const block = new BlockList()
    const list = new AddressList(block, 'x')
    expect(list.has('10.0.0.1')).toBe(false)
    block.addAddress('10.0.0.1')
    expect(list.has('10.0.0.1')).toBe(true)
  })
})

test.each(['10.0.0.0/33', 'example.org', '', 'fe80::1%eth0', '10.0.0.1/'])('%j is refused with an example', (entry) => {
  expect(() => new AddressList([entry], 'http(): allow')).toThrow(
    `http(): allow: '${entry}' is not an IP address or range; give '10.0.0.1'`,
  )
})

test.each([
  ['127.9.9.9', true],
  ['::1', true],
  ['::1%lo', true],
  ['10.0.0.1', false],
  ['::', false],
])('%s is a loopback address: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected)
})

test('an IPv4 address within IPv6 is found', () => {
  expect(mappedIPv4('::FFFF:10.1.2.3')).toBe('10.1.2.3')
  expect(mappedIPv4('::1')).toBeUndefined()
})

test('lists of strings and BlockLists are address lists', () => {
  expect([['a'], [], new BlockList(), [1], 'a', undefined].map(isAddressList)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
