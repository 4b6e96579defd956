import { openDatagram } from '../../dist/index.js'
import { anyPort } from './support.mjs'

// An open socket keeps the process alive, a closed one does not.
const socket = await openDatagram({ bind: anyPort, onBatch() {} })
process.once('SIGTERM', () => socket.close())
console.log('open')
