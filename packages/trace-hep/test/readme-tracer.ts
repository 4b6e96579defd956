import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'
import { hep, hepModule } from '@mi/trace-hep'

const tracer = hep('[homer]10.0.0.2:9060;transport=udp', { homer5On: false })
const mi = createMi({
  modules: [hepModule(tracer)],
  transports: [fifo({ fifoName: '/run/app/mi_fifo', replyDir: '/run/app', tracer, traceBwlist: 'b: ps, which' })],
})
await mi.listen()
process.once('SIGINT', () => mi.close())
