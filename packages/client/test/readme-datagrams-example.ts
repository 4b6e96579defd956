import { createClient } from '@mi/client'
import { udp } from '@mi/client/udp'
import { unix } from '@mi/client/unix' // needs @mi/posix

await using remote = createClient(udp({ host: '192.0.2.7', port: 8080, retries: 2 }))
await using local = createClient(unix({ path: '/run/opensips/mi_socket', replyDir: '/run/opensips' }))
console.log(await Promise.all([remote.call('uptime'), local.call('uptime')]))
