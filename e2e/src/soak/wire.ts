import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net'
import { join } from 'node:path'
import { type DatagramAddress, mkfifo, openDatagram } from '@mi/posix'
import { encodeHep } from '@mi/trace-hep'
import type { Places, Target } from './messages.js'

/** The longest write to a FIFO that no other writer can come into. Source: pipe(7). */
const PIPE_BUF = 4_096

/** One way to the server and back: a socket, or a reply FIFO. */
export interface Wire {
  /** Sends a request. @returns whether the system took it; else try again a little later */
  send(request: string): boolean
  /** Reads on. A wire opened with `step` stops again after one read: a datagram, or 4,096 bytes. */
  resume(): void
  /** UDP: datagrams that the system dropped because this socket was full. */
  missed(): number
}

export interface WireOptions {
  readonly places: Places
  /** Unique: the name of the reply FIFO or the UNIX socket. */
  readonly name: string
  /** all: reads what comes. step: reads once after each `resume`. none: reads nothing before the first `resume`. */
  readonly reading: 'all' | 'step' | 'none'
  readonly onText: (text: string) => void
}

/** To the HEP collector, a request goes as the payload of a packet. */
export function openWire(target: Exclude<Target, 'decoder'>, options: WireOptions): Promise<Wire> | Wire {
  return target === 'fifo' ? openFifoWire(options) : openDatagramWire(target, options)
}

async function openDatagramWire(target: 'unix' | 'udp' | 'hep', options: WireOptions): Promise<Wire> {
  const { places, name, onText } = options
  const here: DatagramAddress =
    target === 'unix' ? { type: 'unix', path: `\0${name}` } : { type: 'udp4', address: '127.0.0.1', port: 0 }
  const there = addressOf(target, places)
  let { reading } = options
  const socket = await openDatagram({
    bind: here,
    maxBatch: reading === 'step' ? 1 : 64,
    onBatch: ({ texts }) => {
      if (reading === 'step') socket.pause()
      for (const text of texts) onText(text ?? '')
    },
  })
  if (reading !== 'all') socket.pause()
  const server = [socket.peer(there)]
  return {
    send(request) {
      const message = target === 'hep' ? encodeHep({ payload: request }) : request
      return socket.send([message], server) === 0
    },
    resume() {
      if (reading === 'none') reading = 'all'
      socket.resume()
    },
    missed: () => (socket.address.type === 'udp4' ? udpDrops(socket.address.port) : 0),
  }
}

export function addressOf(target: 'unix' | 'udp' | 'hep', { unixPath, udpPort, hepPort }: Places): DatagramAddress {
  if (target === 'unix') return { type: 'unix', path: unixPath }
  return { type: 'udp4', address: '127.0.0.1', port: target === 'udp' ? udpPort : hepPort }
}

/** Opened for writing by the first wire, for all. A write waits until the server has read. */
let serverFifo: number | undefined

function openFifoWire({ places, name, reading: given, onText }: WireOptions): Wire {
  const path = join(places.replyDir, name)
  mkfifo(path, 0o600)
  // For writing too: otherwise it would end after each reply.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  let reading = given
  const buffer = Buffer.alloc(PIPE_BUF)
  const options: SocketConstructorOpts & ConnectOpts = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback(count) {
        onText(buffer.toString('latin1', 0, count))
        return reading !== 'step'
      },
    },
  }
  const open = (): Socket => new Socket(options).on('error', () => closeSync(fd))
  let socket = reading === 'none' ? undefined : open()
  if (reading === 'step') socket?.pause()
  return {
    send(request) {
      serverFifo ??= openSync(places.fifoName, constants.O_WRONLY)
      // On a line of its own, whatever another writer has left unfinished.
      const text = Buffer.from(`\n:${name}:${request}\n`)
      if (text.length > PIPE_BUF) throw new RangeError(`a request of ${text.length} bytes may be torn by other writers`)
      writeSync(serverFifo, text)
      return true
    },
    resume() {
      if (reading === 'none') reading = 'all'
      socket ??= open()
      socket.resume()
    },
    missed: () => 0,
  }
}

/** How many datagrams the system has dropped at the socket of a port of 127.0.0.1, because nobody read fast enough. */
export function udpDrops(port: number): number {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = readFileSync('/proc/net/udp', 'latin1').split('\n')
  const columns = lines.map((line) => line.trim().split(/\s+/)).find((each) => each[1] === address)
  return Number(columns?.at(-1) ?? 0)
}
