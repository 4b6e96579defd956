import { dirname } from 'node:path'
import { createClient, fifo, udp, unixDatagram } from '@mi/client'
import { type ClientTransport, isCommandError, isMiError } from '@mi/contract'

// One call through @mi/client, for a terminal. Replies over FIFO and UNIX sockets go beside the server's file.
const usage = 'usage: node call.js fifo:PATH|udp:HOST:PORT|unix:PATH METHOD [PARAMS as JSON]'

function transportTo(place: string): ClientTransport | undefined {
  const [, kind, where = ''] = /^(fifo|udp|unix):(.+)$/.exec(place) ?? []
  switch (kind) {
    case 'fifo':
      return fifo({ fifoName: where, replyDir: dirname(where) })
    case 'unix':
      return unixDatagram({ path: where, replyDir: dirname(where) })
    case 'udp': {
      const { hostname, port } = new URL(`udp://${where}`)
      return udp({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) })
    }
    default:
      return undefined
  }
}

const [place = '', method, params = '{}'] = process.argv.slice(2)
const transport = transportTo(place)

if (transport === undefined || method === undefined) {
  console.error(usage)
  process.exitCode = 2
} else {
  await using client = createClient({ transport })
  try {
    console.log(JSON.stringify(await client.call(method, JSON.parse(params))))
  } catch (error) {
    console.error(isCommandError(error) || isMiError(error) ? `${error.code} ${error.message}` : error)
    process.exitCode = 1
  }
}
