// Calls once, prints the result or the error, and does not close: an idle client must not keep the process.
import { fifo } from '../../dist/fifo.js'
import { createClient } from '../../dist/index.js'

const [fifoName, replyDir] = process.argv.slice(2)
const client = createClient(fifo({ fifoName, replyDir }))
try {
  console.log(JSON.stringify({ result: await client.call('pwd') }))
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message, cause: error.cause?.code }))
}
