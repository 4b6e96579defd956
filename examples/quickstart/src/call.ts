import { dirname } from 'node:path'
import { createClient } from '@mi/client'
import { isCommandError, isMiError } from '@mi/contract'

// One call through @mi/client, for a terminal. Replies over FIFO and UNIX sockets go beside the server's file.
const usage = 'usage: node call.js fifo:PATH|udp:HOST:PORT|unix:PATH METHOD [PARAMS as JSON]'

const [place, method, params = '{}'] = process.argv.slice(2)

if (place === undefined || method === undefined) {
  console.error(usage)
  process.exitCode = 2
} else {
  try {
    const replyDir = dirname(place.slice(place.indexOf(':') + 1))
    await using client = createClient(place.startsWith('udp:') ? place : `${place}?reply_dir=${replyDir}`)
    console.log(JSON.stringify(await client.call(method, JSON.parse(params))))
  } catch (error) {
    console.error(isCommandError(error) || isMiError(error) ? `${error.code} ${error.message}` : error)
    process.exitCode = 1
  }
}
