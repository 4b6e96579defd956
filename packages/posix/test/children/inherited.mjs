import { openDatagram } from '../../dist/index.js'
import './support.mjs'

// Serves the socket that is descriptor 3 until a message asks it to end.
const socket = await openDatagram({
  bind: { type: 'fd', fd: 3 },
  onBatch({ texts, peers }) {
    socket.send(
      texts.map((text) => `child has ${text}`),
      peers,
    )
    if (texts.includes('end')) socket.close()
  },
})
console.log(JSON.stringify(socket.address))
