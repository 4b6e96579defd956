import { once } from 'node:events'
import { connect } from 'node:net'
import { createInbox, type RawPeer, type ServerHarness, type ServerSettings } from '@mi/compliance'
import { http } from '../../src/index.js'

/** Brings the transport before the suite. */
export function httpHarness(headers = ''): ServerHarness {
  return {
    async create({ maxRequestBytes, replyTimeoutMs }: ServerSettings) {
      const transport = http({ port: 0, maxRequestBytes, replyTimeoutMs })
      return {
        transport,
        peer: () => rawPeer(Number(new URL(transport.address).port), headers),
        leftovers: async () => [],
        cleanup: async () => undefined,
      }
    },
    // An address that this machine does not have: it is for documentation.
    createImpossible: async () => ({
      transport: http({ host: '192.0.2.1', allow: ['127.0.0.1'] }),
      peer: () => Promise.reject(new Error('nobody listens')),
      leftovers: async () => [],
      cleanup: async () => undefined,
    }),
  }
}

/** Speaks HTTP by hand. Replies without a body say that there is no answer. */
async function rawPeer(port: number, headers: string): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const inbox = createInbox()
  let held = ''
  let inEvents = false
  // As bytes: lengths are in bytes.
  socket.setEncoding('latin1').on('data', (piece: string) => {
    held += piece
    for (;;) {
      const end = held.indexOf('\r\n\r\n')
      if (inEvents) {
        const [size, hex = ''] = /^([0-9a-f]+)\r\n/.exec(held) ?? []
        const length = Number.parseInt(hex, 16)
        if (size === undefined || held.length < size.length + length + 2) return
        const event = held.slice(size.length, size.length + length)
        held = held.slice(size.length + length + 2)
        // One event for each piece; lines are put together again.
        if (length > 0) inbox.push(utf8(event.replace(/^data: /gm, '').slice(0, -2)))
        else inEvents = false
        continue
      }
      if (end < 0) return
      const head = held.slice(0, end)
      if (/^transfer-encoding: chunked/im.test(head)) {
        held = held.slice(end + 4)
        inEvents = true
        continue
      }
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
      if (held.length < end + 4 + length) return
      const body = held.slice(end + 4, end + 4 + length)
      held = held.slice(end + 4 + length)
      if (length > 0) inbox.push(utf8(body))
    }
  })
  // A server that is gone shows as a failed write, or as a missing reply.
  socket.on('error', () => undefined)
  const gone = once(socket, 'close')
  const leave = async (): Promise<void> => {
    socket.destroy()
    await gone
  }
  return {
    frame: (request) =>
      Buffer.concat([
        Buffer.from(
          `POST /mi HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}Content-Length: ${request.length}\r\n\r\n`,
        ),
        request,
      ]),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    receive: inbox.receive,
    stall: async () => void socket.pause(),
    vanish: leave,
    close: leave,
  }
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}
