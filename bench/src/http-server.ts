import { createServer } from 'node:http'
import { versionResult } from './requests.js'

// node http-server.js: the least server that a client can ask over HTTP; it tells its parent the port. Whatever the command, it
// answers as `version` does.
const server = createServer(async (request, response) => {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += piece
  const { id } = JSON.parse(text)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ jsonrpc: '2.0', result: versionResult, id }))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})
process.once('disconnect', () => process.exit())
