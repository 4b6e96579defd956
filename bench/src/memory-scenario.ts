import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Kind } from './endpoint.js'
import { load } from './load.js'
import { assertAnswers, versionRequest, versionResult } from './requests.js'
import type { Scenario, Target } from './scenario.js'
import { startServer } from './server-process.js'

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
  describe: ({ requests }) => `heap and RSS after ${warmUpRequests} and after ${requests} more requests`,
  async run({ requests }) {
    const rows: string[][] = []
    const targets: Target[] = []
    for (const kind of ['fifo', 'udp', 'unix'] as const) {
      const [before, after] = await measure(kind, requests)
      for (const memory of [before, after]) {
        rows.push([
          kind,
          String(memory.requests),
          (memory.heapUsed / mebibyte).toFixed(2),
          (memory.rss / mebibyte).toFixed(1),
        ])
      }
      const grown = (of: 'heapUsed' | 'rss', what: string, limit: number): Target => ({
        what: `memory, ${kind}: growth of the ${what}`,
        value: (after[of] - before[of]) / mebibyte,
        limit,
        direction: 'at most',
        unit: ' MiB',
      })
      targets.push(grown('heapUsed', 'heap', 10), grown('rss', 'RSS', 40))
    }
    return { head: ['transport', 'requests', 'heap MiB', 'rss MiB'], rows, targets }
  },
}

async function measure(kind: Kind, requests: number): Promise<readonly [before: Memory, after: Memory]> {
  const program = fileURLToPath(new URL('server.js', import.meta.url))
  await using server = await startServer(kind, [process.execPath, '--expose-gc', program])
  // A UNIX socket takes some ten datagrams before its sender has to wait, and the generator would not read meanwhile.
  const window = kind === 'unix' ? 8 : 32
  const serve = async (count: number): Promise<Memory> => {
    let memory = await memoryOf(server.child)
    const last = memory.requests + count
    // The generator counts seconds, the server requests: short runs until there are enough.
    while (memory.requests < last) {
      const seconds = last - memory.requests > 200_000 ? 2 : 0.2
      await load(server, { window, seconds, request: versionRequest })
      memory = await memoryOf(server.child)
    }
    return memory
  }
  const before = await serve(warmUpRequests)
  const after = await serve(requests)
  await assertAnswers(server, versionRequest, versionResult)
  return [before, after]
}

function memoryOf(child: ChildProcess): Promise<Memory> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the server ended while it was measured'))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      if (isMemory(message)) resolve(message)
      else reject(new Error(`the server sent ${JSON.stringify(message)} instead of its memory`))
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
