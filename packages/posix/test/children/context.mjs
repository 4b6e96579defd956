import { AsyncLocalStorage } from 'node:async_hooks'
import { openDatagram } from '../../dist/index.js'
import { anyPort } from './support.mjs'

// Callbacks run in the context in which the socket was opened.
const storage = new AsyncLocalStorage()
const server = await storage.run('of the opener', () =>
  openDatagram({
    bind: anyPort,
    onBatch() {
      console.log(storage.getStore())
      server.close()
    },
  }),
)
storage.run('of the sender', () => server.send(['go'], [server.peer(server.address)]))
