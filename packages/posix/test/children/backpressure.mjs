import { constants } from 'node:os'
import { openDatagram } from '../../dist/index.js'
import { anyPort } from './support.mjs'

// Started with --test-udp-no-try-send, with which node:dgram queues every message, as it does where the system has no room.
const texts = []
const server = await openDatagram({ bind: anyPort, onBatch: (batch) => void texts.push(...batch.texts) })
const client = await openDatagram({ bind: anyPort, onWritable: goOn })
const peer = client.peer(server.address)
const messages = Array.from({ length: 20 }, (_, at) => `${at} `.padEnd(10_000, 'x'))

const failures = client.send(
  messages,
  messages.map(() => peer),
)
const results = [...client.results.slice(0, messages.length)]
const firstRefused = results.indexOf(-constants.errno.EAGAIN)
console.log(`refused: ${failures > 0 && failures === messages.length - firstRefused}`)
console.log(
  `in order: ${results.every((result, at) => result === (at < firstRefused ? 10_000 : -constants.errno.EAGAIN))}`,
)
client.awaitWritable()

function goOn() {
  console.log('writable')
  console.log(`sent now: ${client.send(['end'], [peer]) === 0}`)
  // Closing loses nothing of what counts as sent.
  client.close()
  const check = setInterval(() => {
    if (!texts.includes('end')) return
    console.log(`arrived: ${texts.length === firstRefused + 1}`)
    clearInterval(check)
    server.close()
  }, 5)
}
