import { openSync, writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Conversation } from './conversation.js'
import type { PeerCommand, PeerKind, PeerReport, Places, Transport } from './messages.js'
import { openWire, type Wire } from './wire.js'

// node peer.js KIND TRANSPORT PLACES: peers of one kind. `PeerKind` says how they behave, `PeerCommand` what they understand.
const [kindText, transportText, placesText = ''] = process.argv.slice(2)
const { kind, transport } = asArguments(kindText, transportText)
const places: Places = JSON.parse(placesText)

interface Behaviour {
  readonly wires: number
  /** Requests without a reply on one wire, at most. */
  readonly window: number
  readonly everyMs: number
  /** Length of a reply. */
  readonly bytes: number
}

/** Replies of these lengths fill the queues of the peers (a pipe holds 64 KiB, a UNIX socket 11 datagrams, a UDP socket 208 KiB). */
const behaviours: Readonly<Record<'good' | 'slow' | 'mute', Readonly<Record<Transport, Behaviour>>>> = {
  good: {
    fifo: { wires: 8, window: 4, everyMs: 5, bytes: 100 },
    unix: { wires: 8, window: 4, everyMs: 5, bytes: 100 },
    udp: { wires: 8, window: 4, everyMs: 5, bytes: 100 },
  },
  slow: {
    fifo: { wires: 4, window: 8, everyMs: 1_000, bytes: 20_000 },
    unix: { wires: 4, window: 20, everyMs: 1_000, bytes: 1_000 },
    udp: { wires: 4, window: 20, everyMs: 1_000, bytes: 1_000 },
  },
  mute: {
    // More than maxOpenReplyFifos (128).
    fifo: { wires: 150, window: Number.POSITIVE_INFINITY, everyMs: 250, bytes: 2_000 },
    // More than the send buffer of the server holds.
    unix: { wires: 30, window: Number.POSITIVE_INFINITY, everyMs: 250, bytes: 60_000 },
    udp: { wires: 10, window: Number.POSITIVE_INFINITY, everyMs: 50, bytes: 2_000 },
  },
}

const lanes: { readonly talk: Conversation; readonly wire: Wire }[] = []
let isSettling = false

process.on('message', (command: PeerCommand) => {
  if (command === 'settle') {
    isSettling = true
    for (const { wire } of lanes) wire.resume()
    return
  }
  const talks = lanes.map(({ talk }) => talk)
  const sum = (value: (talk: Conversation) => number): number => talks.reduce((total, talk) => total + value(talk), 0)
  const report: PeerReport = {
    sent: sum(({ sent }) => sent),
    received: sum(({ received }) => received),
    missed: lanes.reduce((total, { wire }) => total + wire.missed(), 0),
    longestWaitMs: Math.max(0, ...talks.map((talk) => talk.longestUntilNow())),
    faults: talks.flatMap(({ faults }) => faults).slice(0, 5),
  }
  process.send?.(report)
})

// Not longer than the soak, however that ends.
process.once('disconnect', () => process.exit())

if (kind === 'torn') await writeUntilKilled()
else if (kind === 'vanishing') await askAndWait()
else await converse(kind)

async function converse(kind: 'good' | 'slow' | 'mute'): Promise<void> {
  const { wires, window, everyMs, bytes } = behaviours[kind][transport]
  const reading = kind === 'good' ? 'all' : kind === 'slow' ? 'step' : 'none'
  for (let index = 0; index < wires; index++) await addLane(index, reading)
  process.send?.('ready')
  const tick = (): void => {
    for (const { talk, wire } of lanes) {
      if (kind === 'slow') wire.resume()
      if (isSettling) continue
      const most = kind === 'mute' ? 1 : window - talk.open
      // A good peer also asks for replies that take a moment.
      for (let count = 0; count < most; count++) {
        const wasSent = kind === 'good' && talk.sent % 10 === 9 ? talk.later(wire, 20) : talk.echo(wire, bytes)
        if (!wasSent) break
      }
    }
    setTimeout(tick, isSettling ? 1 : everyMs)
  }
  tick()
}

/** Sends some requests, reports how many, and waits to be killed. */
async function askAndWait(): Promise<void> {
  for (let index = 0; index < 10; index++) await addLane(index, 'none')
  for (const { talk, wire } of lanes) {
    // One reply is there when the peer dies, the other is not.
    while (!talk.echo(wire, 100)) await wait(1)
    while (!talk.later(wire, 100)) await wait(1)
  }
  process.send?.('ready')
  setInterval(() => {}, 1_000)
}

/** Writes a request that does not end, until killed: most likely within write(2). */
async function writeUntilKilled(): Promise<void> {
  const fd = openSync(places.fifoName, 'r+')
  writeSync(fd, `\n:torn-${process.pid}:{"jsonrpc":"2.0","method":"soak:echo","params":{"id":"`)
  process.send?.('ready')
  for (;;) {
    writeSync(fd, 'x'.repeat(20_000))
    await wait(1)
  }
}

async function addLane(index: number, reading: 'all' | 'step' | 'none'): Promise<void> {
  const name = `${kind}-${process.pid}-${index}`
  const talk = new Conversation(name)
  const wire = await openWire(transport, { places, name, reading, onText: (text) => talk.take(text) })
  lanes.push({ talk, wire })
}

/** Holds because peers.ts starts this program. */
function asArguments(kind: string | undefined, transport: string | undefined) {
  return { kind, transport } as { readonly kind: PeerKind; readonly transport: Transport }
}
