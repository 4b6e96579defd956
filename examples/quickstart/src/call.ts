import { dirname } from 'node:path'
import { createClient, fifo } from '@mi/client'
import { isCommandError, isMiError } from '@mi/contract'

// node call.js FIFO METHOD [PARAMS]: one call through @mi/client, for a terminal. Replies go beside the FIFO.
const [fifoName, method, params = '{}'] = process.argv.slice(2)

if (fifoName === undefined || method === undefined) {
  console.error('usage: node call.js FIFO METHOD [PARAMS as JSON]')
  process.exitCode = 2
} else {
  await using client = createClient({ transport: fifo({ fifoName, replyDir: dirname(fifoName) }) })
  try {
    console.log(JSON.stringify(await client.call(method, JSON.parse(params))))
  } catch (error) {
    console.error(isCommandError(error) || isMiError(error) ? `${error.code} ${error.message}` : error)
    process.exitCode = 1
  }
}
