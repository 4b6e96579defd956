import { BlockList } from 'node:net'
import type { PeerFacts } from '@mi/posix'
import { describe, expect, test } from 'vitest'
import { type AllowedPeers, peerFilter } from '../src/allow.js'
import type { SocketName } from '../src/socket-name.js'

const UNIX: SocketName = { type: 'unix', path: '/run/mi.sock' }
/** Its address family is known when it is resolved, not before. */
const UDP: SocketName = { type: 'udp', host: 'mi.example.org', port: 8080 }
const IPV4: SocketName = { type: 'udp', host: '0.0.0.0', port: 8080 }
const IPV6: SocketName = { type: 'udp', host: '::', port: 8080 }

const udp = (address: string): PeerFacts => ({
  address: { type: address.includes(':') ? 'udp6' : 'udp4', address, port: 40_000 },
  credentials: undefined,
})
const unix = (uid: number, gid: number): PeerFacts => ({
  address: { type: 'unix', path: '/tmp/peer' },
  credentials: { pid: 1, uid, gid },
})
const lets = (allow: AllowedPeers, facts: PeerFacts): boolean | undefined =>
  peerFilter(allow, facts.address.type === 'unix' ? UNIX : UDP)?.(facts)

describe('a list of addresses lets in', () => {
  test.each([
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.1'], '127.0.0.2', false],
    [['10.0.0.0/8', '192.168.1.7'], '10.255.0.1', true],
    [['10.0.0.0/8', '192.168.1.7'], '192.168.1.7', true],
    [['10.0.0.0/8', '192.168.1.7'], '11.0.0.1', false],
    [['0.0.0.0/0'], '8.8.8.8', true],
    [['0.0.0.0/0'], '::1', false],
    [['::/0'], '8.8.8.8', false],
    [['::/0'], 'fd12::1', true],
    [['::1'], '::1', true],
    [['fd00::/8'], 'fd12::1', true],
    [['fd00::/8'], 'fe80::1', false],
    [['fe80::/10'], 'fe80::1%eth0', true],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
    [['10.0.0.0/8'], '::ffff:11.1.2.3', false],
    [['::ffff:10.0.0.0/104'], '::ffff:10.1.2.3', true],
  ])('%j: %s: %s', (allow, address, expected) => {
    expect(lets(allow, udp(address))).toBe(expected)
  })
})

test('a BlockList lets in its members, also those that are added later', () => {
  const list = new BlockList()
  const filter = peerFilter(list, UDP)
  expect(filter?.(udp('10.0.0.1'))).toBe(false)
  list.addRange('10.0.0.1', '10.0.0.9')
  expect(filter?.(udp('10.0.0.1'))).toBe(true)
})

describe('users and groups let in', () => {
  test.each([
    [{ uids: [1000] }, 1000, 5, true],
    [{ uids: [1000] }, 0, 5, false],
    [{ gids: [5] }, 1000, 5, true],
    [{ uids: [0], gids: [6] }, 1000, 6, true],
    [{ uids: [0], gids: [6] }, 1000, 5, false],
  ])('%j: uid %i, gid %i: %s', (allow, uid, gid, expected) => {
    expect(lets(allow, unix(uid, gid))).toBe(expected)
  })

  test('nobody of whom the kernel says nothing', () => {
    expect(lets({ uids: [0] }, { address: { type: 'unix', path: '/x' }, credentials: undefined })).toBe(false)
  })
})

test('without a list there is nothing to ask', () => {
  expect(peerFilter(undefined, UDP)).toBeUndefined()
})

describe('is refused:', () => {
  test.each<[string, unknown, SocketName, string]>([
    ['users for UDP', { uids: [0] }, UDP, 'must be a list of addresses'],
    ['addresses for UNIX', ['127.0.0.1'], UNIX, 'must be users and groups'],
    ['a BlockList for UNIX', new BlockList(), UNIX, 'must be users and groups'],
    ['an empty list', [], UDP, 'would let nobody in'],
    ['no users and no groups', {}, UNIX, 'would let nobody in'],
    ['empty users and groups', { uids: [], gids: [] }, UNIX, 'would let nobody in'],
    ['a host name', ['localhost'], UDP, "'localhost' is not an IP address or range"],
    ['a range that is too long', ['10.0.0.0/33'], UDP, "'10.0.0.0/33'"],
    ['a range without length', ['10.0.0.0/'], UDP, "'10.0.0.0/'"],
    ['a zone', ['fe80::1%eth0'], UDP, "'fe80::1%eth0'"],
    ['only IPv6 entries on an IPv4 address', ['::/0'], IPV4, 'allow has only IPv6 entries and would let nobody in'],
    ['a list of numbers', [1], UDP, 'must be a list of addresses'],
    ['a negative uid', { uids: [-1] }, UNIX, 'allow.uids must hold numbers from 0 to 4294967294, not -1'],
    ['a group by name', { gids: ['adm'] }, UNIX, 'allow.gids must hold numbers'],
  ])('%s', (_, allow, name, message) => {
    expect(() => peerFilter(allow as AllowedPeers, name)).toThrow(TypeError)
    expect(() => peerFilter(allow as AllowedPeers, name)).toThrow(message)
  })
})

test('an IPv4 address may be given a list that serves an IPv6 one too', () => {
  const filter = peerFilter(['127.0.0.1', '::/0'], IPV4)
  expect([filter?.(udp('127.0.0.1')), filter?.(udp('10.0.0.1'))]).toEqual([true, false])
})

test('an IPv6 address, which IPv4 peers reach too, takes entries of both families', () => {
  const filter = peerFilter(['10.0.0.0/8', 'fd00::/8'], IPV6)
  expect([filter?.(udp('::ffff:10.0.0.1')), filter?.(udp('fd00::1'))]).toEqual([true, true])
})
