import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { constants } from 'node:os'
import { type DatagramAddress, type DatagramSocket, openDatagram } from '@mi/posix'

/** Kinds of sockets that the server is tested over. */
export type Way = 'udp4' | 'udp6' | 'unix'

export const ways: readonly Way[] = ['udp4', 'udp6', 'unix']

type UdpAddress = Exclude<DatagramAddress, { readonly type: 'unix' }>

/** A datagram socket that speaks by hand. */
export interface RawSocket {
  /** One datagram. Rejects when the server is gone, as far as the system tells. */
  send(bytes: string | Uint8Array): Promise<void>
  /** Reads no more, or again. */
  pause(): void
  resume(): void
  close(): Promise<void>
}

export interface RawSocketOptions {
  readonly onText: (text: string) => void
  /** UNIX: what to bind to. @default an abstract name */
  readonly path?: string | undefined
  /** UNIX: connect to the server rather than name it with each datagram. */
  readonly connected?: boolean | undefined
}

let opened = 0

/** Opens a socket that sends to a server. */
export function openRaw(server: DatagramAddress, options: RawSocketOptions): Promise<RawSocket> {
  return server.type === 'unix' ? openUnix(server, options) : openUdp(server, options)
}

async function openUdp(server: UdpAddress, { onText }: RawSocketOptions): Promise<RawSocket> {
  const socket = createSocket(server.type)
  const held: string[] = []
  let paused = false
  let closed = false
  socket.on('message', (message) => {
    if (paused) held.push(message.toString())
    else onText(message.toString())
  })
  socket.bind(0, server.type === 'udp6' ? '::1' : '127.0.0.1')
  await once(socket, 'listening')
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        socket.send(bytes, server.port, server.address, (error) => (error === null ? resolve() : reject(error)))
      }),
    pause: () => {
      paused = true
    },
    resume: () => {
      paused = false
      for (const text of held.splice(0)) onText(text)
    },
    close: async () => {
      if (closed) return
      closed = true
      const done = once(socket, 'close')
      socket.close()
      await done
    },
  }
}

async function openUnix(server: DatagramAddress, { onText, path, connected }: RawSocketOptions): Promise<RawSocket> {
  const name = path ?? `\0mi-test-${process.pid}-${++opened}`
  const socket: DatagramSocket = await openDatagram({
    bind: { type: 'unix', path: name },
    mode: 0o666,
    maxMessageBytes: 2 ** 20,
    maxBatch: 8,
    ...(connected === true ? { connect: server } : {}),
    onBatch: ({ texts }) => {
      for (const text of texts) onText(text ?? '(cut)')
    },
  })
  const to = socket.remote ?? socket.peer(server)
  return {
    send: (bytes) => sendWhenThereIsRoom(socket, to, bytes),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: async () => socket.close(),
  }
}

async function sendWhenThereIsRoom(
  socket: DatagramSocket,
  to: ReturnType<DatagramSocket['peer']>,
  bytes: string | Uint8Array,
): Promise<void> {
  while (socket.send([bytes], [to]) > 0) {
    const result = socket.results[0] ?? 0
    if (result !== -constants.errno.EAGAIN) throw new Error(`send failed with ${result}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
