import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerTransport } from '@mi/contract'
import { createInbox, type RawPeer, type ServerHarness, type ServerUnderTest } from '../../src/index.js'
import { ReferenceServer, type ReferenceServerOptions } from './server.js'

export type MakeServer = (options: ReferenceServerOptions) => ServerTransport

/** Brings the reference server, or a broken one, before the suite. */
export function referenceServerHarness(
  make: MakeServer = (options) => new ReferenceServer(options),
  fixed: Partial<ReferenceServerOptions> = {},
): ServerHarness {
  return {
    create: async (settings) => {
      const directory = await mkdtemp(join(tmpdir(), 'mi-reference-'))
      const path = join(directory, 'socket')
      return underTest(make({ ...settings, ...fixed, path }), path, directory)
    },
    createImpossible: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'mi-reference-'))
      await writeFile(join(directory, 'file'), 'in the way')
      const path = join(directory, 'file', 'socket')
      return underTest(make({ path }), path, directory)
    },
  }
}

function underTest(transport: ServerTransport, path: string, directory: string): ServerUnderTest {
  return {
    transport,
    peer: () => connectPeer(path),
    leftovers: async () => [path, `${path}.left`].filter((file) => existsSync(file)),
    cleanup: () => rm(directory, { recursive: true }),
  }
}

async function connectPeer(path: string): Promise<RawPeer> {
  const socket = connect(path)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  // A server that is gone shows as a failed write or as no answer.
  socket.on('error', () => undefined)
  const inbox = createInbox()
  let arrived = ''
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => {
    arrived += piece
    for (let end = arrived.indexOf('\0'); end >= 0; end = arrived.indexOf('\0')) {
      inbox.push(arrived.slice(0, end).replace(/^\d+[ +]/, ''))
      arrived = arrived.slice(end + 1)
    }
  })
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let nextKey = 1
  return {
    frame: (request) => Buffer.concat([Buffer.from(`${nextKey++} `), request, Buffer.of(0)]),
    write: (bytes) => write(socket, bytes),
    receive: inbox.receive,
    stall: async () => {
      socket.pause()
    },
    vanish: async () => {
      socket.destroy()
      await gone
    },
    close: async () => {
      socket.destroy()
      await gone
    },
  }
}

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
