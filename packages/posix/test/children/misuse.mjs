import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { openDatagram, writeFifo } from '../../dist/index.js'
import { anyPort } from './support.mjs'

// What a program must not do, with the public API and with the addon itself. All of it may fail; none of it may end the process.
const addon = createRequire(import.meta.url)('node-gyp-build')(fileURLToPath(new URL('../..', import.meta.url)))

function attempt(name, work) {
  try {
    work()
    console.log(`${name}: done`)
  } catch (error) {
    console.log(`${name}: ${error.name}`)
  }
}

let received = 0
const socket = await openDatagram({ bind: anyPort, onBatch: ({ texts }) => (received += texts.length) })
const peer = socket.peer(socket.address)
const { results } = socket
for (const buffer of [results.buffer, results.buffer]) {
  // Node.js 20 ignores what it may not take, later versions throw.
  try {
    structuredClone(results, { transfer: [buffer] })
  } catch {}
  try {
    buffer.transfer?.(8)
  } catch {}
}
globalThis.gc?.()
const fillers = Array.from({ length: 100 }, () => new Uint8Array(1_000).fill(0xff))
for (let round = 0; round < 200; round++) {
  socket.send(['x'], [peer])
  await new Promise((resolve) => setImmediate(resolve))
}
console.log(`received: ${received > 0 && fillers.every((each) => each.every((byte) => byte === 0xff))}`)

const wrong = [
  new Int8Array(4),
  new Int32Array(64),
  new Float64Array(64),
  new BigInt64Array(4),
  new DataView(new ArrayBuffer(4)),
  {},
  5,
]
for (const [index, each] of wrong.entries()) {
  attempt(`send ${index}`, () => socket.send([each], [peer]))
  attempt(`address ${index}`, () => socket.send(['x'], [{ handle: { slot: -1, sockaddr: each } }]))
  attempt(`writeFifo ${index}`, () => writeFifo('/nonexistent', each))
  attempt(`path ${index}`, () => writeFifo(each, 'x'))
  attempt(`addressOf ${index}`, () => addon.addressOf(each))
  attempt(`createSocket ${index}`, () => addon.createSocket(each))
  attempt(`bindSocket ${index}`, () => addon.bindSocket(socket.fd, each))
}
socket.close()
