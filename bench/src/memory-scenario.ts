import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { load } from './load.js'
import type { Scenario } from './scenario.js'
import { startServer } from './server-process.js'
import { assertAnswers, versionRequest, versionResult } from './version-request.js'

/** Requests after which the heap is taken as the one to compare with. */
const warmUpRequests = 10_000

const mebibyte = 1024 * 1024

interface Memory {
  /** Bytes in use after garbage collection. */
  readonly heapUsed: number
  readonly rss: number
  readonly requests: number
}

/** Whether requests leave something behind in the server. */
export const memoryScenario: Scenario = {
  name: 'memory',
  describe: ({ requests }) => `heap after ${warmUpRequests} and after ${requests} more requests over the FIFO`,
  async run({ requests }) {
    const program = fileURLToPath(new URL('fifo-server.js', import.meta.url))
    await using server = await startServer((...places) => [process.execPath, '--expose-gc', program, ...places])
    const serve = async (count: number): Promise<Memory> => {
      let memory = await memoryOf(server.child)
      const last = memory.requests + count
      // The generator counts seconds, the server requests: short runs until there are enough.
      while (memory.requests < last) {
        const seconds = last - memory.requests > 200_000 ? 2 : 0.2
        await load(server, { window: 32, seconds, request: versionRequest })
        memory = await memoryOf(server.child)
      }
      return memory
    }
    const before = await serve(warmUpRequests)
    const after = await serve(requests)
    await assertAnswers(server, versionResult)
    return {
      head: ['requests', 'heap MiB', 'rss MiB'],
      rows: [before, after].map((memory) => [
        String(memory.requests),
        (memory.heapUsed / mebibyte).toFixed(2),
        (memory.rss / mebibyte).toFixed(1),
      ]),
      targets: [
        {
          what: 'memory: growth of the heap',
          value: (after.heapUsed - before.heapUsed) / mebibyte,
          limit: 10,
          direction: 'at most',
          unit: ' MiB',
        },
      ],
    }
  },
}

function memoryOf(child: ChildProcess): Promise<Memory> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the server ended while it was measured'))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      if (isMemory(message)) resolve(message)
      else reject(new Error(`the server told ${JSON.stringify(message)} instead of its memory`))
    })
    child.send('memory')
  })
}

function isMemory(message: unknown): message is Memory {
  return (
    typeof message === 'object' &&
    message !== null &&
    'heapUsed' in message &&
    'rss' in message &&
    'requests' in message
  )
}
