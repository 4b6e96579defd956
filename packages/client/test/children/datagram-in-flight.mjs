// Makes calls over UNIX datagrams that nobody answers, and comes to its end as the mode says.
import { fifo } from '../../dist/fifo.js'
import { createClient } from '../../dist/index.js'
import { unix } from '../../dist/unix.js'
import { secondCopy } from './second-copy.mjs'

const [path, replyDir, mode, fifoName] = process.argv.slice(2)
const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((event) => process.listenerCount(event)).join(' ')
const before = listeners()
const client = createClient(unix({ path, replyDir }), { timeoutMs: 0 })
if (mode === 'own handler') {
  // One that listens once, and before the calls: it is gone by the time that listeners behind it run.
  process.once('SIGTERM', () => {
    console.log('handled')
    client.call('go').then(() => client.close())
  })
}
const calls = [1, 2, 3].map((n) => client.call('never', [n]))
if (mode === 'exit') {
  client.call('go').then(() => process.exit(3))
} else if (mode === 'throw') {
  client.call('go').then(() => {
    setImmediate(() => {
      throw new Error('uncaught')
    })
  })
} else if (mode === 'two copies') {
  const copy = await secondCopy()
  const other = copy.createClient(`unix:${path}?reply_dir=${replyDir}`, { timeoutMs: 0 })
  calls.push(other.call('never', [4]))
} else if (mode === 'with a FIFO') {
  const other = createClient(fifo({ fifoName, replyDir }), { timeoutMs: 0 })
  calls.push(other.call('never', [4]))
}
await Promise.allSettled(calls)
console.log(`listeners: ${before}, then ${listeners()}`)
