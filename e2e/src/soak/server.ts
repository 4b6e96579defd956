import { createSocket } from 'node:dgram'
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { basename } from 'node:path'
import { createMi, type DropMessage } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { cluster } from '@mi/processes'
import { createHepCollector, hepPayloadText } from '@mi/trace-hep'
import { soakModule } from './commands.js'
import type { DropCount, Places, ServerReport, Transport } from './messages.js'

// node --expose-gc server.js PLACES CHILDREN: the server under test. It says 'listening', reports on any message, and ends on SIGTERM.
const [placesText = '', childrenText = '0'] = process.argv.slice(2)
const places: Places = JSON.parse(placesText)
const childrenCount = Number(childrenText)
const childModule = new URL('./commands.js', import.meta.url)
const children = childrenCount > 0 ? { childrenCount, childModule } : {}

const drops = new Map<string, DropCount>()
subscribe('mi.drop', (message) => countDrop(asDrop(message)))

const mi = createMi({
  modules: [soakModule],
  ...(childrenCount > 0 && { processes: cluster() }),
  transports: [
    fifo({ fifoName: places.fifoName, replyDir: places.replyDir }),
    datagram({ socketName: places.unixPath }),
    datagram({ socketName: `udp:127.0.0.1:${places.udpPort}`, ...children }),
  ],
})
await mi.listen()

// A packet that carries a request is answered, so that its sender knows that it has arrived.
const answers = createSocket('udp4').bind(0, '127.0.0.1')
await once(answers, 'listening')
const collector = createHepCollector({ udp: { port: places.hepPort } })
collector.on('message', async ({ message, sender }) => {
  const request = hepPayloadText(message)
  if (!request.startsWith('{"jsonrpc"')) return
  const reply = await mi.dispatch(request)
  if (reply !== null) answers.send(reply, sender.port, sender.address)
})
await collector.listen()

process.on('message', async () => {
  const outcome = await mi.execute('get_statistics', [['all']])
  if (outcome.error !== undefined) throw new Error(outcome.error.message)
  globalThis.gc?.()
  const report: ServerReport = {
    statistics: asStatistics(outcome.value),
    drops: [...drops.values()],
    heapBytes: process.memoryUsage().heapUsed,
  }
  process.send?.(report)
})
// Not longer than the soak, however that ends.
const exit = (): never => process.exit(1)
process.once('disconnect', exit)
process.once('SIGTERM', async () => {
  process.off('disconnect', exit)
  await Promise.all([mi.close(), collector.close()])
  answers.close()
  process.disconnect()
})
process.send?.('listening')

/** Holds because the channel publishes nothing else. */
function asDrop(message: unknown): DropMessage {
  return message as DropMessage
}

/** Holds because the contract of the command says so. */
function asStatistics(value: unknown): Record<string, number> {
  return value as Record<string, number>
}

function countDrop({ transport: name, reason, fields, count }: DropMessage): void {
  const peer = String(fields.path ?? fields.peer ?? '')
  const transport: Transport = name === 'fifo' ? 'fifo' : peer.startsWith('udp:') ? 'udp' : 'unix'
  // Peers are named KIND-PID-NUMBER; `@` stands for the NUL of an abstract name.
  const kind = /^@?([a-z]+)-/.exec(basename(peer))?.[1] ?? ''
  const key = `${transport} ${reason} ${kind}`
  drops.set(key, { transport, reason, kind, count: (drops.get(key)?.count ?? 0) + count })
}
