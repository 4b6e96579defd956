import { readdirSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { openDatagram, openSharedNumbers, writeFifo } from '../../dist/index.js'

// Sockets that are closed at every moment at which that may go wrong. At the end there are no more descriptors than before.
const rounds = Number(process.argv[2] ?? 20)
const anyPort = { type: 'udp4', address: '127.0.0.1', port: 0 }
let names = 0
const abstract = () => ({ type: 'unix', path: `\0mi-posix-closings-${process.pid}-${names++}` })

const ways = {
  'at once': async () => {
    const socket = await openDatagram({ bind: anyPort, onBatch() {} })
    socket.close()
    socket.close()
  },
  'with messages that nobody has read': async () => {
    const socket = await openDatagram({ bind: anyPort, onBatch() {} })
    socket.send(['x', 'y'], Array(2).fill(socket.peer(socket.address)))
    socket.close()
  },
  'in the callback of a batch, and again': () =>
    new Promise((resolve, reject) => {
      const opened = openDatagram({
        bind: abstract(),
        maxBatch: 1,
        async onBatch({ texts, peers }) {
          const socket = await opened
          socket.send(texts, peers)
          socket.close()
          if (socket.send(texts, peers) !== 1) reject(new Error('a closed socket sends'))
          socket.close()
          resolve()
        },
      })
      opened.then((socket) => socket.send(['1', '2', '3'], Array(3).fill(socket.peer(socket.address))))
    }),
  'at once in the callback of a batch': () =>
    new Promise((resolve) => {
      let socket
      const opened = openDatagram({
        bind: abstract(),
        maxBatch: 2,
        onBatch() {
          socket.close()
          resolve()
        },
      })
      opened.then((value) => {
        socket = value
        socket.send(['1', '2', '3', '4', '5'], Array(5).fill(socket.peer(socket.address)))
      })
    }),
  'in the callback of room to send': async () => {
    let socket
    await new Promise((resolve) => {
      const options = {
        bind: anyPort,
        onBatch() {},
        onWritable() {
          socket.close()
          resolve()
        },
      }
      openDatagram(options).then((value) => {
        socket = value
        socket.send(['to itself'], [socket.peer(socket.address)])
        socket.awaitWritable()
      })
    })
  },
  'in the callback of an error': async () => {
    const absent = await openDatagram({ bind: anyPort })
    const { address } = absent
    absent.close()
    await new Promise((resolve) => {
      let socket
      const onError = () => {
        socket.close()
        resolve()
      }
      openDatagram({ bind: anyPort, connect: address, onBatch() {}, onError }).then((value) => {
        socket = value
        socket.send(['anybody?'], [socket.remote])
      })
    })
  },
  'while it waits for a peer that is full': async () => {
    const slow = await openDatagram({ bind: abstract() })
    const socket = await openDatagram({ bind: abstract(), connect: slow.address, onWritable() {} })
    while (socket.send([Buffer.alloc(100)], [socket.remote]) === 0);
    socket.awaitWritable()
    await turn()
    socket.close()
    slow.close()
  },
  'while it is paused': async () => {
    const socket = await openDatagram({ bind: abstract(), onBatch() {} })
    socket.pause()
    socket.send(['x'], [socket.peer(socket.address)])
    await turn()
    socket.close()
    socket.resume()
  },
  'after more peers than it has places for': async () => {
    let received = 0
    const count = (texts) => {
      received += texts.length
    }
    const server = await openDatagram({ bind: abstract(), onBatch: ({ texts }) => count(texts) })
    for (let number = 1; number <= 1_030; number++) {
      const peer = await openDatagram({ bind: abstract() })
      while (peer.send([`${number}`], [peer.peer(server.address)]) > 0) await turn()
      peer.close()
    }
    while (received < 1_030) await turn()
    server.close()
  },
  'when it could not be opened': async () => {
    const failures = [
      { bind: { type: 'unix', path: '/nonexistent/directory/socket' } },
      { bind: { type: 'udp4', address: '192.0.2.1', port: 0 } },
      { bind: { type: 'udp4', address: 'no address', port: 0 } },
      { bind: { type: 'fd', fd: 0 } },
      { bind: abstract(), connect: abstract() },
      { bind: { type: 'unix', path: 'x'.repeat(200) } },
    ]
    for (const options of failures) {
      await openDatagram(options).then(
        () => {
          throw new Error(`${JSON.stringify(options)} was opened`)
        },
        () => {},
      )
    }
  },
  'as shared numbers': async () => {
    const numbers = openSharedNumbers(100)
    openSharedNumbers(100, numbers.fd).values.fill(1)
    numbers.close()
  },
  'as FIFOs that are none': async () => {
    for (const text of ['x', 'x'.repeat(100_000), Buffer.alloc(10)]) writeFifo('/dev/null', text)
  },
}

const descriptors = () => readdirSync('/proc/self/fd').length
await ways['at once']()
await turn()
const before = descriptors()
for (const [name, close] of Object.entries(ways)) {
  const times = name.includes('places') ? 2 : rounds
  for (let round = 0; round < times; round++) await close()
  await turn()
  globalThis.gc?.()
  if (descriptors() !== before) console.log(`${name}: ${descriptors() - before} descriptors are left`)
}
console.log('done')
