import { openDatagram } from '../../dist/index.js'
import { anyPort } from './support.mjs'

// What a callback throws is an uncaught exception, and the socket goes on.
process.on('uncaughtException', (error) => console.log(`uncaught: ${error.message}`))
const server = await openDatagram({
  bind: anyPort,
  maxBatch: 1,
  onBatch({ texts: [text] }) {
    if (text === 'end') {
      server.close()
      client.close()
    } else {
      throw new Error(text)
    }
  },
})
const client = await openDatagram({ bind: anyPort })
const peer = client.peer(server.address)
client.send(['first', 'second', 'end'], [peer, peer, peer])
