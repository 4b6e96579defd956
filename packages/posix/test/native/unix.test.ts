import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatagram } from '../../src/index.js'
import { run } from '../support/child.js'
import { temporaryDirectory } from '../support/directory.js'
import { type Listening, listening, sendAll } from '../support/sockets.js'
import { until } from '../support/until.js'

const { EAGAIN, ECONNREFUSED, ENOENT } = constants.errno
const unix = (path: string) => ({ type: 'unix' as const, path })

/** Two sockets in a directory of their own. */
async function pair(options = {}) {
  const directory = temporaryDirectory()
  const server = await listening(openDatagram, { bind: unix(join(directory, 'server')), ...options })
  const client = await listening(openDatagram, { bind: unix(join(directory, 'client')) })
  return { directory, server, client, toServer: client.socket.peer(server.socket.address) }
}

describe('UNIX datagrams', () => {
  test('bring texts, senders and their credentials, and go back', async () => {
    const { server, client, toServer } = await pair()
    sendAll(client.socket, ['one', 'zwei: ä', ''], toServer)
    await until('all three', () => server.texts.length === 3)
    expect(server.texts).toEqual(['one', 'zwei: ä', ''])
    const [peer] = server.peers
    expect(peer?.address).toEqual(client.socket.address)
    expect(peer?.credentials).toEqual({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() })
    expect(new Set(server.peers).size).toBe(1)
    sendAll(server.socket, ['answer'], peer ?? toServer)
    await until('the answer', () => client.texts.length === 1)
    expect(client.texts).toEqual(['answer'])
  })

  test('tell processes apart by their credentials', async () => {
    const { server } = await pair()
    const { stdout } = await run('unix-sender.mjs', [
      server.socket.address.type === 'unix' ? server.socket.address.path : '',
    ])
    await until('the message', () => server.texts.length === 1)
    expect(server.texts).toEqual([`from ${stdout.trim()}`])
    expect(server.peers[0]?.credentials?.pid).toBe(Number(stdout))
  })

  test('come from peers without a name too, which cannot be answered', async () => {
    const { server, directory } = await pair()
    const program =
      'import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"nameless", sys.argv[1])'
    execFileSync('python3', ['-c', program, join(directory, 'server')])
    await until('the message', () => server.texts.length === 1)
    const [peer] = server.peers
    if (peer === undefined) throw new Error('each message has a peer')
    expect(peer.address).toEqual(unix(''))
    expect(peer.credentials?.pid).toBeGreaterThan(0)
    expect(server.socket.send(['answer'], [peer])).toBe(1)
    expect(server.socket.results[0]).toBeLessThan(0)
    expect(-(server.socket.results[0] ?? 0)).not.toBe(EAGAIN)
  })

  test.runIf(process.platform === 'linux')('bring no descriptors that a sender pushes', async () => {
    const { server, directory } = await pair()
    const before = readdirSync('/proc/self/fd').length
    const program =
      'import array, socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n' +
      'rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [s.fileno()] * 4))\n' +
      'for _ in range(5): s.sendmsg([b"take these"], [rights], 0, sys.argv[1])'
    execFileSync('python3', ['-c', program, join(directory, 'server')])
    await until('the messages', () => server.texts.length === 5)
    expect(server.texts).toEqual(Array(5).fill('take these'))
    expect(server.peers[0]?.credentials?.pid).toBeGreaterThan(0)
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })

  test('go over abstract names, which make no file', async () => {
    const name = `\0mi-posix-test-${process.pid}-${Date.now()}`
    const server = await listening(openDatagram, { bind: unix(name) })
    const client = await listening(openDatagram, { bind: unix(`${name}-client`) })
    expect(server.socket.address).toEqual(unix(name))
    sendAll(client.socket, ['hello'], client.socket.peer(server.socket.address))
    await until('it', () => server.texts.length === 1)
    expect(server.peers[0]?.address).toEqual(unix(`${name}-client`))
    sendAll(server.socket, ['welcome'], server.peers[0] ?? client.socket.peer(server.socket.address))
    await until('the answer', () => client.texts.length === 1)
  })

  test('that are too long differ from those that just fit', async () => {
    const { server, client, toServer } = await pair({ maxMessageBytes: 100 })
    sendAll(client.socket, ['x'.repeat(101), 'x'.repeat(100), 'end'], toServer)
    await until('all three', () => server.texts.length === 3)
    expect(server.texts).toEqual([null, 'x'.repeat(100), 'end'])
  })

  test('come in batches of no more than was asked for', async () => {
    const { server, client, toServer } = await pair({ maxBatch: 4 })
    server.socket.pause()
    let sent = 0
    while (client.socket.send([`${sent}`], [toServer]) === 0) sent++
    expect(sent).toBeGreaterThan(5)
    server.socket.resume()
    await until('all of them', () => server.texts.length === sent)
    expect(server.texts).toEqual(Array.from({ length: sent }, (_, at) => `${at}`))
    expect(Math.max(...server.batches)).toBe(4)
  })

  test('come from a thousand peers and more', async () => {
    const name = `\0mi-posix-many-${process.pid}-${Date.now()}`
    const clients: Listening[] = []
    const server = await listening(openDatagram, { bind: unix(name) })
    for (let count = 1; count <= 1_100; count++) {
      const client = await listening(openDatagram, { bind: unix(`${name}-${count}`) })
      clients.push(client)
      sendAll(client.socket, [`${count}`], client.socket.peer(server.socket.address))
      if (count % 8 === 0) await until(`number ${count}`, () => server.texts.length === count)
    }
    await until('all', () => server.texts.length === clients.length)
    // A socket's own buffer holds some hundred messages that nobody has read yet.
    for (const [at, peer] of server.peers.entries()) {
      sendAll(server.socket, [`for ${server.texts[at]}`], peer)
      if (at % 64 === 0) await until(`answer ${at}`, () => clients[at]?.texts.length === 1)
    }
    await until('all answers', () => clients.every(({ texts }) => texts.length === 1))
    expect(clients.map(({ texts }) => texts[0])).toEqual(clients.map((_, at) => `for ${at + 1}`))
  })
})

describe('a UNIX peer whose queue is full', () => {
  test('fails with EAGAIN, so does what follows for it, and the others get theirs', async () => {
    const { directory, server: slow, client } = await pair()
    const quick = await listening(openDatagram, { bind: unix(join(directory, 'quick')) })
    slow.socket.pause()
    const toSlow = client.socket.peer(slow.socket.address)
    const toQuick = client.socket.peer(quick.socket.address)
    let taken = 0
    while (client.socket.send([`${taken}`], [toSlow]) === 0) taken++
    const failures = client.socket.send(['1', 'a', '2', 'b', '3'], [toSlow, toQuick, toSlow, toQuick, toSlow])
    expect(failures).toBe(3)
    expect([...client.socket.results.slice(0, 5)]).toEqual([-EAGAIN, 1, -EAGAIN, 1, -EAGAIN])
    await until('the quick one has both', () => quick.texts.length === 2)
    slow.socket.resume()
    await until('the slow one has what was sent', () => slow.texts.length === taken)
    expect(slow.texts).toEqual(Array.from({ length: taken }, (_, at) => `${at}`))
  })

  test('tells a connected socket when there is room again', async () => {
    const { directory, server: slow } = await pair()
    slow.socket.pause()
    const client = await listening(openDatagram, {
      bind: unix(join(directory, 'connected')),
      connect: slow.socket.address,
    })
    const { remote } = client.socket
    if (remote === undefined) throw new Error('a connected socket has a remote')
    let taken = 0
    while (client.socket.send([`${taken}`], [remote]) === 0) taken++
    expect(client.socket.results[0]).toBe(-EAGAIN)
    client.socket.awaitWritable()
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    expect(client.writable).toBe(0)
    slow.socket.resume()
    await until('the notice', () => client.writable === 1)
    expect(client.socket.send(['more'], [remote])).toBe(0)
    await until('all of it', () => slow.texts.length === taken + 1)
  })
})

describe('a UNIX peer that is gone', () => {
  test('fails with ECONNREFUSED while its file is there, then with ENOENT', async () => {
    const { directory, server, client, toServer } = await pair()
    server.socket.close()
    expect(client.socket.send(['anybody?'], [toServer])).toBe(1)
    expect(client.socket.results[0]).toBe(-ECONNREFUSED)
    rmSync(join(directory, 'server'))
    expect(client.socket.send(['anybody?'], [toServer])).toBe(1)
    expect(client.socket.results[0]).toBe(-ENOENT)
  })

  test('does not hold up the others of the same call', async () => {
    const { directory, server, client, toServer } = await pair()
    const toNobody = client.socket.peer(unix(join(directory, 'nobody')))
    expect(client.socket.send(['1', '2', '3'], [toServer, toNobody, toServer])).toBe(1)
    expect([...client.socket.results.slice(0, 3)]).toEqual([1, -ENOENT, 1])
    await until('both', () => server.texts.length === 2)
    expect(server.texts).toEqual(['1', '3'])
  })
})

describe('the file of a UNIX socket', () => {
  test('has the permissions asked for, less the umask, and stays when the socket closes', async () => {
    const path = join(temporaryDirectory(), 'socket')
    const umask = process.umask(0o022)
    const socket = await openDatagram({ bind: unix(path), mode: 0o662 }).finally(() => process.umask(umask))
    expect(statSync(path).mode & 0o777).toBe(0o640)
    socket.close()
    expect(existsSync(path)).toBe(true)
  })

  test("is the owner's alone when nothing is said", async () => {
    const { directory } = await pair()
    expect(statSync(join(directory, 'server')).mode & 0o077).toBe(0)
  })

  test('must not exist already, whatever it is', async () => {
    const { directory } = await pair()
    const file = join(directory, 'file')
    writeFileSync(file, 'precious')
    for (const path of [file, join(directory, 'server'), directory]) {
      await expect(openDatagram({ bind: unix(path) })).rejects.toMatchObject({
        code: 'EADDRINUSE',
        syscall: 'bind',
        path,
      })
    }
  })

  test('needs a directory that is there, and a path that is short enough', async () => {
    const directory = temporaryDirectory()
    const bind = unix(join(directory, 'absent', 'socket'))
    await expect(openDatagram({ bind })).rejects.toMatchObject({ code: 'ENOENT', path: bind.path })
    await expect(openDatagram({ bind: unix(join(directory, 'x'.repeat(108))) })).rejects.toThrow(/107 bytes/)
    const longest = join(directory, 'x'.repeat(106 - directory.length))
    const socket = await openDatagram({ bind: unix(longest) })
    expect(socket.address).toEqual(unix(longest))
    socket.close()
  })

  test('needs permission in its directory', async () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o555)
    const { stdout } = await run('without-permission.mjs', [join(directory, 'socket')])
    expect(stdout).toBe('EACCES\n')
  })
})

test('a path with a NUL in it is refused, and nothing is made', async () => {
  const directory = temporaryDirectory()
  await expect(openDatagram({ bind: unix(join(directory, 'short\0rest')) })).rejects.toThrow(/cannot hold a NUL/)
  expect(readdirSync(directory)).toEqual([])
})

test('a descriptor that is in use here already is refused, and serves on', async () => {
  const { server, client, toServer } = await pair()
  const { fd } = server.socket
  await expect(openDatagram({ bind: { type: 'fd', fd } })).rejects.toMatchObject({ syscall: 'uv_poll_init' })
  sendAll(client.socket, ['still there?'], toServer)
  await until('the message', () => server.texts.length === 1)
})

test('a descriptor that is no datagram socket is refused, and stays open', async () => {
  const directory = temporaryDirectory()
  const { openSync, fstatSync, closeSync } = await import('node:fs')
  const fd = openSync(directory, 'r')
  await expect(openDatagram({ bind: { type: 'fd', fd } })).rejects.toMatchObject({ code: 'ENOTSOCK' })
  expect(fstatSync(fd).isDirectory()).toBe(true)
  closeSync(fd)
})
