// Calls once, prints the result or the error, and does not close: an idle client must not keep the process.
import { argv } from 'node:process'

const [kind, where, replyDir, from = '../../dist/index.js'] = argv.slice(2)
const { createClient } = await import(from)
const client = createClient(kind === 'udp' ? `udp:127.0.0.1:${where}` : `unix:${where}?reply_dir=${replyDir}`)
try {
  console.log(JSON.stringify({ result: await client.call('pwd') }))
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message, cause: error.cause?.code }))
}
