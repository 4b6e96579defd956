import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createInbox,
  type RawPeer,
  type ServerHarness,
  type ServerSettings,
  type ServerUnderTest,
} from '@mi/compliance'
import type { DatagramAddress } from '@mi/posix'
import { datagram } from '../../src/index.js'
import { freePlace } from './fixture.js'
import { openRaw, type Way } from './raw-socket.js'

/** Brings the transport before the suite over one kind of socket; UNIX sockets lie in a private directory each. */
export function datagramHarness(way: Way, connected = false): ServerHarness {
  return {
    create: (settings) => underTest(way, 'server', settings, connected),
    createImpossible: () => (way === 'unix' ? underTest(way, 'server/missing', {}, false) : withoutAddress()),
  }
}

async function underTest(
  way: Way,
  folder: string,
  { maxRequestBytes, replyTimeoutMs }: ServerSettings,
  connected: boolean,
): Promise<ServerUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'mi-dg-'))
  const serverDir = join(directory, 'server')
  await mkdir(serverDir)
  const { socketName, address } = await freePlace(way, () => join(directory, folder))
  return {
    transport: datagram({ socketName, socketBufSize: maxRequestBytes, socketTimeout: replyTimeoutMs }),
    peer: () => rawPeer(address, connected),
    leftovers: () => readdir(serverDir),
    cleanup: () => rm(directory, { recursive: true }),
  }
}

/** An address that this machine does not have: it is for documentation. */
async function withoutAddress(): Promise<ServerUnderTest> {
  return {
    transport: datagram({ socketName: 'udp:192.0.2.1:8080', allow: ['127.0.0.1'] }),
    peer: () => Promise.reject(new Error('nobody listens')),
    leftovers: async () => [],
    cleanup: async () => {},
  }
}

async function rawPeer(server: DatagramAddress, connected: boolean): Promise<RawPeer> {
  const inbox = createInbox()
  const socket = await openRaw(server, { onText: inbox.push, connected })
  return {
    frame: (request) => request,
    write: (bytes) => socket.send(bytes),
    receive: inbox.receive,
    stall: async () => socket.pause(),
    vanish: () => socket.close(),
    close: () => socket.close(),
  }
}
