// Calls once, prints the result or the error, and does not close: an idle client must not keep the process.
import { argv } from 'node:process'

const [kind, where, replyDir, from = '../../dist/index.js'] = argv.slice(2)
const { createClient, udp, unixDatagram } = await import(from)
const transport = kind === 'udp' ? udp({ port: Number(where) }) : unixDatagram({ path: where, replyDir })
const client = createClient({ transport })
try {
  console.log(JSON.stringify({ result: await client.call('pwd') }))
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message, cause: error.cause?.code }))
}
