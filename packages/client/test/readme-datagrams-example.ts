import { createClient, udp, unixDatagram } from '@mi/client'

await using remote = createClient({ transport: udp({ host: '192.0.2.7', port: 8080 }) })
const path = '/run/opensips/mi_socket' // needs @mi/posix
await using local = createClient({ transport: unixDatagram({ path, replyDir: '/run/opensips' }) })
console.log(await Promise.all([remote.call('uptime'), local.call('uptime')]))
