import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { RawRequest, RawServer } from '@mi/compliance'

/** The server end for the compliance suite: node:http alone. */
export class RawHttpServer implements RawServer {
  private server: Server | undefined

  constructor(
    private readonly port: number,
    private readonly path: string,
  ) {}

  async listen(onRequest: (request: RawRequest) => void): Promise<void> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const text = Buffer.concat(pieces).toString()
        const reply = (answer: string): Promise<void> =>
          new Promise((resolve, reject) => {
            if (response.destroyed) reject(new Error('the client is gone'))
            response.once('close', () =>
              response.writableFinished ? resolve() : reject(new Error('the client is gone')),
            )
            response.end(answer)
          })
        if (request.url !== this.path) response.writeHead(400).end('<html><body>Unable to parse URL!</body></html>')
        // A notification: nobody will answer it.
        else if (!text.includes('"id"')) response.writeHead(202).end()
        if (!response.writableEnded) response.writeHead(200, { 'content-type': 'application/json' })
        onRequest({ text, reply, provisional: () => Promise.reject(new Error('not over HTTP')) })
      })
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.server = server
  }

  async vanish(): Promise<void> {
    const { server } = this
    if (server === undefined) return
    this.server = undefined
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}
