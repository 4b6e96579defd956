import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'

const mi = createMi({
  transports: [
    datagram({ socketName: '/run/app/mi.sock' }),
    datagram({ socketName: 'udp:127.0.0.1:8080', allow: ['127.0.0.1'] }),
  ],
})
await mi.listen()
console.log('listening')
process.once('SIGINT', () => mi.close())
