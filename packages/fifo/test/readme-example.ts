import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'

const mi = createMi({ transports: [fifo({ fifoName: '/run/app/mi_fifo', replyDir: '/run/app' })] })
await mi.listen()
console.log('listening')
process.once('SIGINT', () => mi.close())
