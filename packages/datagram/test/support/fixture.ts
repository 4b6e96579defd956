import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandContext, defineModule, type Handlers, implement, type ModuleContract } from '@mi/contract'
import { createMi, type Mi, type MiOptions } from '@mi/core'
import type { DatagramAddress } from '@mi/posix'
import { onTestFinished } from 'vitest'
import { type DatagramServerOptions, datagram } from '../../src/index.js'
import { openRaw, type RawSocket, type RawSocketOptions, type Way } from './raw-socket.js'

/** Waits until the condition holds; fails after 20 seconds, saying what was waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mi-dg-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A port that is free now, of those that a socketName may have. */
export async function freePort(type: 'udp4' | 'udp6'): Promise<number> {
  for (;;) {
    const socket = createSocket(type)
    socket.bind(0, type === 'udp6' ? '::1' : '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    const closed = once(socket, 'close')
    socket.close()
    await closed
    if (port >= 1_024) return port
  }
}

export interface Place {
  readonly socketName: string
  readonly address: DatagramAddress
}

/** Somewhere to listen. */
export async function freePlace(way: Way, directory: () => string = temporaryDirectory): Promise<Place> {
  if (way === 'unix') {
    const path = join(directory(), 'mi.sock')
    return { socketName: path, address: { type: 'unix', path } }
  }
  const port = await freePort(way)
  return way === 'udp4'
    ? { socketName: `udp:127.0.0.1:${port}`, address: { type: way, address: '127.0.0.1', port } }
    : { socketName: `udp:[::1]:${port}`, address: { type: way, address: '::1', port } }
}

export type LooseHandler = (params: Record<string, unknown>, ctx: CommandContext) => unknown

/** A module `t` of commands that take no parameters. */
export function looseModule(handlers: Readonly<Record<string, LooseHandler>>) {
  const definitions = Object.fromEntries(Object.keys(handlers).map((name) => [name, { recipes: [{}] }]))
  const contract: ModuleContract = defineModule('t', definitions)
  return implement(contract, handlers as Handlers<ModuleContract>)
}

export interface Peer extends RawSocket {
  /** All that has arrived. */
  readonly texts: string[]
}

export interface Fixture extends Place {
  readonly mi: Mi
  /** Opens a socket that sends to the server; closed when the test ends. */
  peer(options?: Omit<RawSocketOptions, 'onText'>): Promise<Peer>
  /** Sends a request from a new peer and waits for its answer. */
  ask(method: string): Promise<unknown>
  /** The number of drops so far, in all or for one reason. */
  drops(reason?: string): number
}

/** A request without parameters. */
export function request(method: string, id: number | string = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', method, id })
}

/** A server of its own, with commands `t:NAME` that take no parameters; closed when the test ends. */
export async function serve(
  way: Way,
  options: Partial<DatagramServerOptions> = {},
  handlers: Readonly<Record<string, LooseHandler>> = {},
  miOptions: MiOptions = {},
): Promise<Fixture> {
  const { socketName, address } = await freePlace(way)
  const modules = [looseModule(handlers), ...(miOptions.modules ?? [])]
  const mi = createMi({ ...miOptions, modules, transports: [datagram({ socketName, ...options })] })
  const peers: Peer[] = []
  onTestFinished(async () => {
    for (const peer of peers) await peer.close()
    await mi.close()
  })
  await mi.listen()

  const fixture: Fixture = {
    mi,
    socketName,
    address,
    async peer(rawOptions = {}) {
      const texts: string[] = []
      const socket = await openRaw(address, { ...rawOptions, onText: (text) => texts.push(text) })
      const peer = { ...socket, texts }
      peers.push(peer)
      return peer
    },
    async ask(method) {
      const peer = await fixture.peer()
      await peer.send(request(method))
      await until(`an answer to ${method}`, () => peer.texts.length > 0)
      return JSON.parse(peer.texts[0] ?? '')
    },
    drops(reason) {
      const name = reason === undefined ? 'datagram:drops' : `datagram:drops_${reason}`
      return mi.statistics(name)[name] ?? 0
    },
  }
  return fixture
}
