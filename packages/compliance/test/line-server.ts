import { createServer, type Server, type Socket } from 'node:net'
import { type Dispatcher, MiError, type ServerTransport } from '@mi/contract'

/** Shows what a third party's transport may look like: JSON texts over a UNIX stream socket, each in a line of its own. */
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
    sockets.add(socket)
    // What a lost connection costs is counted where an answer is lost.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      if (held.length > 0) dispatcher.drop('unfinished_request')
    })
    socket.on('data', (piece: Buffer) => {
      held = Buffer.concat([held, piece])
      for (let end = held.indexOf('\n'); end >= 0 && closing === undefined; end = held.indexOf('\n')) {
        const line = held.subarray(0, end)
        held = held.subarray(end + 1)
        owe(line.length > maxRequestBytes ? refuse(dispatcher, socket) : answer(dispatcher, socket, line.toString()))
      }
      if (held.length <= maxRequestBytes) return
      // The rest of the line would be taken for a request: the end of the connection is the only way out.
      held = Buffer.alloc(0)
      socket.pause()
      owe(refuse(dispatcher, socket).then(() => void socket.end()))
    })
  }
  const refuse = (dispatcher: Dispatcher, socket: Socket): Promise<void> =>
    send(dispatcher, socket, `413 Request over ${maxRequestBytes} bytes`)
  const answer = async (dispatcher: Dispatcher, socket: Socket, request: string): Promise<void> => {
    const early = (text: string): void => owe(send(dispatcher, socket, text))
    const text = await dispatcher.dispatch(request, { transport: 'lines' }, { onProvisional: early })
    if (text !== null) await send(dispatcher, socket, text)
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
