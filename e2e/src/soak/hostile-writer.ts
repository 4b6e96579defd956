import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { constants as system } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type DatagramAddress, openDatagram } from '@mi/posix'
import { createHepStream, decodeHep, encodeHep, isHepError } from '@mi/trace-hep'
import { Conversation } from './conversation.js'
import { BLOCK_INPUTS, hostileInputs, REPLY_NAMES } from './hostile-inputs.js'
import type { HostileOrder, HostileReport, Places, Target } from './messages.js'
import { addressOf, openWire, type Wire } from './wire.js'

// node hostile-writer.js ORDER PLACES: sends the blocks of an order, with a valid request after each, or after each input.
const [orderText = '', placesText = ''] = process.argv.slice(2)
const order: HostileOrder = JSON.parse(orderText)
const places: Places = JSON.parse(placesText)

/** A valid request is unanswered after this time. */
const ANSWER_MS = 30_000

/** Over UDP the system drops what has no room: the request is sent again. */
const RESEND_MS = 1_000

const talk = new Conversation(`good-${process.pid}-0`)

// Not longer than the soak, however that ends.
process.once('disconnect', () => process.exit())
process.send?.('ready')
process.once('message', async () => {
  const send = await openHostileWay(order.target)
  const wire = order.target === 'decoder' ? undefined : await openValidWire(order.target)
  for (let block = order.firstBlock; block < order.endBlock; block += order.step) {
    const inputs = hostileInputs(order.target, order.seed, block)
    const steps = order.oneByOne ? inputs.map((input) => [input]) : [inputs]
    for (const [at, step] of steps.entries()) {
      const fault = await send(step).then(
        () => wire && ask(wire),
        (error: unknown) => String(error),
      )
      if (fault !== undefined) return tell({ inputs: 0, lost: talk.open, fault: { block, at, text: fault } })
    }
    tell({ inputs: inputs.length, lost: talk.open, fault: undefined })
  }
})

function tell(report: HostileReport): void {
  process.send?.(report)
}

/** @returns what is wrong; undefined when the request was answered */
async function ask(wire: Wire): Promise<string | undefined> {
  const startedAt = performance.now()
  let sentAt: number | undefined
  const { received } = talk
  const isLossy = order.target === 'udp' || order.target === 'hep'
  while (talk.received === received) {
    const now = performance.now()
    if (now - startedAt > ANSWER_MS) return `a valid request was not answered within ${ANSWER_MS} ms`
    if (sentAt === undefined || (isLossy && now - sentAt > RESEND_MS)) {
      if (talk.echo(wire, 0)) sentAt = now
    }
    await wait(1)
  }
  const [fault] = talk.faults
  return fault
}

function openValidWire(target: Exclude<Target, 'decoder'>): Promise<Wire> | Wire {
  const name = `good-${process.pid}-0`
  return openWire(target, { places, name, reading: 'all', onText: (text) => talk.take(text) })
}

function openHostileWay(target: Target): Promise<(inputs: readonly Buffer[]) => Promise<void>> {
  if (target === 'decoder') return Promise.resolve(decodeAll)
  if (target === 'fifo') return Promise.resolve(openHostileFifo())
  return openHostileSockets(target)
}

function openHostileFifo() {
  const path = (name: string): string => join(places.replyDir, name)
  drain(path(REPLY_NAMES.read))
  openSync(path(REPLY_NAMES.mute), constants.O_RDWR | constants.O_NONBLOCK)
  const fd = openSync(places.fifoName, constants.O_WRONLY)
  return async (inputs: readonly Buffer[]): Promise<void> => {
    const all = Buffer.concat(inputs)
    for (let at = 0; at < all.length; ) at += writeSync(fd, all, at, Math.min(65_536, all.length - at))
  }
}

/** Reads a reply FIFO, and forgets what it reads. */
function drain(path: string): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  new Socket({ fd, readable: true, writable: false }).on('error', () => closeSync(fd)).resume()
}

/** Two sockets, one that reads the answers and one that does not. A connected one learns when there is room again. */
async function openHostileSockets(target: 'unix' | 'udp' | 'hep') {
  const there = addressOf(target, places)
  const open = async (name: string, reads: boolean) => {
    let onRoom = (): void => {}
    const bind: DatagramAddress =
      target === 'unix'
        ? { type: 'unix', path: `\0${name}-${process.pid}` }
        : { type: 'udp4', address: '127.0.0.1', port: 0 }
    const socket = await openDatagram({
      bind,
      connect: there,
      ...(reads && { onBatch: () => {} }),
      onWritable: () => onRoom(),
    })
    const { remote } = socket
    if (remote === undefined) throw new TypeError('the socket is not connected')
    return async (inputs: readonly Buffer[]): Promise<void> => {
      let rest = inputs
      while (rest.length > 0) {
        const failed = socket.send(
          rest,
          rest.map(() => remote),
        )
        if (failed === 0) return
        const { results } = socket
        const fault = results.find(
          (result) => result < 0 && ![-system.errno.EAGAIN, -system.errno.EMSGSIZE].includes(result),
        )
        if (fault !== undefined) throw new Error(`the system refuses to send: error ${fault}`)
        rest = rest.filter((_, index) => results[index] === -system.errno.EAGAIN)
        if (rest.length === 0) return
        const room = new Promise<void>((resolve) => {
          onRoom = resolve
        })
        socket.awaitWritable()
        await room
      }
    }
  }
  const ways = [await open('hostile-reader', true), await open('hostile-mute', false)]
  let turn = 0
  return (inputs: readonly Buffer[]): Promise<void> => ways[turn++ % ways.length]?.(inputs) ?? Promise.resolve()
}

const VALID_HEP = encodeHep({ version: 3, payload: Buffer.from('valid') })

/** The decoder may throw HepError, and nothing else. */
async function decodeAll(inputs: readonly Buffer[]): Promise<void> {
  for (const input of inputs) {
    const stream = createHepStream({ message() {}, broken() {} })
    const half = input.length >> 1
    const inHalves = (): void => [input.subarray(0, half), input.subarray(half)].forEach(stream.push)
    for (const decode of [() => void decodeHep(input), inHalves]) {
      try {
        decode()
      } catch (error) {
        if (!isHepError(error)) throw error
      }
    }
  }
  if (decodeHep(VALID_HEP).payload?.toString() !== 'valid') throw new Error('a valid packet was decoded wrongly')
  if (inputs.length === BLOCK_INPUTS) await new Promise(setImmediate)
}
