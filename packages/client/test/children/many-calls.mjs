// Makes more calls at once than there are descriptors for, and prints the messages of those that failed.
import { createClient } from '../../dist/index.js'

const [fifoName, replyDir, count] = process.argv.slice(2)
const client = createClient(`fifo:${fifoName}?reply_dir=${replyDir}`, { timeoutMs: 20_000 })
const calls = await Promise.allSettled(Array.from({ length: Number(count) }, () => client.call('pwd')))
await client.close()
const failed = calls
  .filter(({ status }) => status === 'rejected')
  .map(({ reason }) => `${reason.code}: ${reason.message}`)
process.stdout.write(JSON.stringify({ answered: calls.length - failed.length, failed }))
