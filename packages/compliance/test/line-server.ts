import { createServer, type Server, type Socket } from 'node:net'
import { type Dispatcher, MiError, type ServerTransport } from '@mi/contract'

/** An example of a third-party transport: JSON texts over a UNIX stream socket, one per line. */
export function lineServer({
  path,
  maxRequestBytes = 65_536,
  replyTimeoutMs = 2000,
}: LineServerOptions): ServerTransport {
  const sockets = new Set<Socket>()
  const owed = new Set<Promise<void>>()
  let server: Server | undefined
  let closing: Promise<void> | undefined

  const send = (dispatcher: Dispatcher, socket: Socket, text: string): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => socket.destroy(), replyTimeoutMs)
      socket.write(`${text}\n`, (error) => {
        clearTimeout(timer)
        if (error || socket.destroyed) dispatcher.drop('peer_gone')
        resolve()
      })
    })
  const owe = (work: Promise<void>): void => {
    owed.add(work)
    void work.then(() => owed.delete(work))
  }
  const serve = (dispatcher: Dispatcher, socket: Socket): void => {
    let held = Buffer.alloc(0)
    const gone = new AbortController()
    sockets.add(socket)
    // A lost connection is counted where a reply is lost.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      gone.abort()
      if (held.length > 0) dispatcher.drop('unfinished_request')
    })
    socket.on('data', (piece: Buffer) => {
      held = Buffer.concat([held, piece])
      for (let end = held.indexOf('\n'); end >= 0 && closing === undefined; end = held.indexOf('\n')) {
        const line = held.subarray(0, end)
        held = held.subarray(end + 1)
        const tooLong = line.length > maxRequestBytes
        owe(tooLong ? refuse(dispatcher, socket) : answer(dispatcher, socket, line.toString(), gone.signal))
      }
      if (held.length <= maxRequestBytes) return
      // The rest of the line would be taken for a request, so the connection must end.
      held = Buffer.alloc(0)
      socket.pause()
      owe(refuse(dispatcher, socket).then(() => void socket.end()))
    })
  }
  const refuse = (dispatcher: Dispatcher, socket: Socket): Promise<void> =>
    send(dispatcher, socket, `413 Request over ${maxRequestBytes} bytes`)
  const answer = async (dispatcher: Dispatcher, socket: Socket, line: string, signal: AbortSignal): Promise<void> => {
    const onProvisional = (text: string): void => owe(send(dispatcher, socket, text))
    const reply = await dispatcher.dispatch(line, { transport: 'lines' }, { signal, onProvisional })
    if (reply !== null) await send(dispatcher, socket, reply)
  }
  const finish = async (listening: Server): Promise<void> => {
    for (const socket of sockets) socket.pause()
    while (owed.size > 0) await Promise.all(owed)
    const closed = new Promise<void>((resolve) => listening.close(() => resolve()))
    for (const socket of sockets) socket.destroySoon()
    await closed
  }

  return {
    name: 'lines',
    address: path,
    settings: {},
    async listen(dispatcher) {
      const opening = createServer((socket) => serve(dispatcher, socket))
      await new Promise<void>((resolve, reject) => {
        opening.once('error', (cause) =>
          reject(
            new MiError('MI_LISTEN', `cannot listen on ${path}: ${cause.message}; choose another path`, { cause }),
          ),
        )
        opening.listen(path, resolve)
      })
      server = opening
      closing = undefined
    },
    async close() {
      if (server !== undefined) closing ??= finish(server)
      await closing
    },
  }
}

export interface LineServerOptions {
  readonly path: string
  readonly maxRequestBytes?: number | undefined
  readonly replyTimeoutMs?: number | undefined
}
