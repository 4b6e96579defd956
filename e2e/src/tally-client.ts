import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '@mi/client'
import { fifo } from '@mi/client/fifo'
import { isMiError } from '@mi/contract'
import type { ClientProgress, ClientReport, FailedTry } from './reports.js'
import { tally } from './tally-contract.js'

// node tally-client.js FIFO REPLY_DIR NAME CALLS WINDOW: makes CALLS calls, WINDOW of them at a time, each tried again until
// it is answered. Every try has an id of its own, NAME-CALL-TRY.
const [fifoName, replyDir, name, calls, window] = process.argv.slice(2)

const progressStep = 250
const pauseMs = 100
const maxTries = 600
const answers: string[] = []
const failures: FailedTry[] = []
let next = 0

const client = createClient(fifo({ fifoName, replyDir }), { timeoutMs: 10_000 })

async function answered(call: number): Promise<void> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const id = `${name}-${call}-${attempt}`
    const startedMs = Date.now()
    try {
      const answer = await client.call(tally.add, { id })
      if (answer !== id) throw new Error(`call ${id} got the answer to ${answer}`)
      answers.push(id)
      return
    } catch (error) {
      if (!isMiError(error, 'MI_CONNECTION') && !isMiError(error, 'MI_TIMEOUT')) throw error
      failures.push({ id, code: error.code, startedMs, endedMs: Date.now() })
      await wait(pauseMs)
    }
  }
  throw new Error(`call ${call} of client ${name} got no answer in ${maxTries} tries`)
}

async function lane(): Promise<void> {
  while (next < Number(calls)) {
    await answered(next++)
    if (answers.length % progressStep === 0) tell({ answered: answers.length })
  }
}

function tell(progress: ClientProgress): void {
  process.send?.(progress)
}

await Promise.all(Array.from({ length: Number(window) }, lane))
await client.close()
const report: ClientReport = { answers, failures }
process.send?.(report, () => process.disconnect())
