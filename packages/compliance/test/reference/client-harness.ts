import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientTransport } from '@mi/contract'
import type { ClientHarness, RawRequest, RawServer } from '../../src/index.js'
import { ReferenceClient } from './client.js'

/** Brings the reference client, or a broken one, before the suite. */
export function referenceClientHarness(
  make: (path: string) => ClientTransport = (path) => new ReferenceClient(path),
): ClientHarness {
  return {
    create: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'mi-reference-'))
      const path = join(directory, 'socket')
      return {
        transport: make(path),
        address: path,
        server: rawServer(path),
        leftovers: async () => (await readdir(directory)).filter((name) => name !== 'socket'),
        cleanup: () => rm(directory, { recursive: true }),
      }
    },
  }
}

function rawServer(path: string): RawServer {
  let server: Server | undefined
  const sockets = new Set<Socket>()
  return {
    listen: async (onRequest) => {
      const listening = createServer((socket) => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
        // A client that hangs up shows as a reply that fails.
        socket.on('error', () => undefined)
        serve(socket, onRequest)
      })
      server = listening
      await new Promise<void>((resolve, reject) => listening.once('error', reject).listen(path, resolve))
    },
    vanish: async () => {
      const leaving = server
      server = undefined
      if (leaving === undefined) return
      const closed = new Promise<void>((resolve) => leaving.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function serve(socket: Socket, onRequest: (request: RawRequest) => void): void {
  let arrived = ''
  const send = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.write(`${text}\0`, (error) => (error ? reject(error) : resolve()))
    })
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => {
    arrived += piece
    for (let end = arrived.indexOf('\0'); end >= 0; end = arrived.indexOf('\0')) {
      const space = arrived.indexOf(' ')
      const key = arrived.slice(0, space)
      const text = arrived.slice(space + 1, end)
      arrived = arrived.slice(end + 1)
      onRequest({ text, provisional: (early) => send(`${key}+${early}`), reply: (last) => send(`${key} ${last}`) })
    }
  })
}
