import { mkfifo, openDatagram, openSharedNumbers, posixSupport, writeFifo } from '../../dist/index.js'
import './support.mjs'

// What does not work without the addon.
console.log(posixSupport().reason)
await tell('unix', () => openDatagram({ bind: { type: 'unix', path: '/nonexistent/socket' } }))
await tell('writeFifo', () => writeFifo('/nonexistent/fifo', 'x'))
await tell('mkfifo', () => mkfifo('/nonexistent/fifo', 0o600))
await tell('openSharedNumbers', () => openSharedNumbers(1))
await tell('fd', () => openDatagram({ bind: { type: 'fd', fd: 0 } }))

async function tell(name, work) {
  try {
    await work()
    console.log(`${name}: works`)
  } catch (error) {
    console.log(`${name}: ${error.code} ${error.message}`)
  }
}
