import { openDatagram } from '../../dist/index.js'
import { anyPort } from './support.mjs'

// Without a listener the exception ends the process.
const server = await openDatagram({
  bind: anyPort,
  onBatch() {
    throw new Error('nobody catches this')
  },
})
server.send(['go'], [server.peer(server.address)])
