import { createServer } from 'node:http'
import { versionResult } from './requests.js'

// node http-server.js: the least server that a client can ask over HTTP: it parses and prints the same JSON as ours, and checks
// nothing. It tells its parent the port. Whatever the command, it answers as `version` does; each entry of a batch, too.
const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const parsed: unknown = JSON.parse(Buffer.concat(pieces).toString())
    const text = JSON.stringify(Array.isArray(parsed) ? parsed.map(replyTo) : replyTo(parsed))
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
    response.end(text)
  })
})

function replyTo(request: unknown): object {
  const id = typeof request === 'object' && request !== null && 'id' in request ? request.id : null
  return { jsonrpc: '2.0', result: versionResult, id }
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})
process.once('disconnect', () => process.exit())
