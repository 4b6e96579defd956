import { implement } from '@mi/contract'
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'
import type { ServerReport } from './reports.js'
import { tally } from './tally-contract.js'

// node tally-server.js FIFO REPLY_DIR CHECK_INTERVAL_MS: says 'listening', reports on any message, ends on SIGTERM.
const [fifoName, replyDir, checkIntervalMs] = process.argv.slice(2)

const executions = new Map<string, number>()

const mi = createMi({
  modules: [
    implement(tally, {
      add({ id }) {
        executions.set(id, (executions.get(id) ?? 0) + 1)
        return id
      },
    }),
  ],
  transports: [fifo({ fifoName, replyDir, checkIntervalMs: Number(checkIntervalMs) })],
})
await mi.listen()

process.on('message', () => {
  const report: ServerReport = { executions: [...executions], statistics: mi.statistics('fifo:') }
  process.send?.(report)
})
process.once('SIGTERM', async () => {
  await mi.close()
  process.disconnect()
})
process.send?.('listening')
