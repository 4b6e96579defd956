import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Kind = 'fifo' | 'udp' | 'unix'

/** Where a server listens. */
export interface Endpoint {
  readonly kind: Kind
  /** As the programs in native/ and server.ts take it, behind the kind: FIFO and reply directory, port, or path. */
  readonly places: readonly string[]
  /** A directory for files of this endpoint, removed when it is disposed of. */
  readonly directory: string
}

/** Somewhere that nothing listens on yet. */
export async function newEndpoint(kind: Kind): Promise<Endpoint & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'mi-bench-'))
  return {
    kind,
    places: await placesOf(kind, directory),
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

async function placesOf(kind: Kind, directory: string): Promise<string[]> {
  switch (kind) {
    case 'fifo':
      return [join(directory, 'mi_fifo'), directory]
    case 'unix':
      return [join(directory, 'mi_socket')]
    case 'udp':
      return [String(await freePort())]
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}
