import { createClient } from '@mi/client'

await using client = createClient() // the server that MI_URL names
const events = client.events.subscribe('E_PIKE_BLOCKED', { socket: 'udp:192.0.2.9:0', expire: 600 })
for await (const { params } of events) {
  console.log('blocked:', params.ip, '; lost on the way to this loop:', events.dropped)
}
