import { openDatagram } from '../../dist/index.js'
import { anyPort } from './support.mjs'

// process.exit with open sockets, in the middle of a callback.
const client = await openDatagram({ bind: anyPort, onBatch() {} })
const server = await openDatagram({
  bind: anyPort,
  onBatch() {
    client.send(['last words'], [client.peer(server.address)])
    process.exit(7)
  },
})
client.send(['go', 'go', 'go'], Array(3).fill(client.peer(server.address)))
