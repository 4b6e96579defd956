// Calls as a user who may not, and prints the error. Root becomes nobody after a call that loads all there is to load:
// nobody may not read it everywhere.
import { fifo } from '../../dist/fifo.js'
import { createClient } from '../../dist/index.js'
import { unix } from '../../dist/unix.js'

const [kind, where, replyDir] = process.argv.slice(2)

async function failure(path) {
  const transport = kind === 'fifo' ? fifo({ fifoName: path, replyDir }) : unix({ path, replyDir })
  const client = createClient(transport)
  const error = await client.call('pwd').catch((reason) => reason)
  await client.close()
  return error
}

await failure(`${where}.absent`)
if (process.getuid() === 0) {
  process.setgroups([])
  process.setgid(65_534)
  process.setuid(65_534)
}
const { code, message, cause } = await failure(where)
console.log(JSON.stringify({ code, message, cause: cause?.code }))
