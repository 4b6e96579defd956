import { isDeepStrictEqual } from 'node:util'
import { ask } from './ask.js'
import type { Measurement } from './load.js'
import type { ServerProcess } from './server-process.js'

/** The request that is measured. */
export const versionRequest = '{"jsonrpc":"2.0","method":"version","id":1}'

/** How the measured server calls itself. */
export const serverIdentity = { name: 'MI benchmark', version: '1.0.0' }

/** What it must answer. */
export const versionResult = {
  Server: `${serverIdentity.name} (${serverIdentity.version} (${process.arch}/${process.platform}))`,
}

/**
 * Asks once, beside the measurements, and holds the answer against what it must be.
 * @param result of the JSON-RPC answer
 * @returns the answer's size in bytes
 */
export async function assertAnswers({ fifoName, replyDir }: ServerProcess, result: unknown): Promise<number> {
  const answer = await ask(fifoName, replyDir, versionRequest)
  const expected = { jsonrpc: '2.0', result, id: 1 }
  if (!isDeepStrictEqual(parsed(answer), expected)) {
    throw new Error(`wrong answer: ${answer}\nexpected:     ${JSON.stringify(expected)}`)
  }
  return Buffer.byteLength(answer)
}

/** The generator tells size and losses of what it received; both must be those of right answers. */
export function assertSound(server: string, { replyBytes, lost }: Measurement, expectedBytes: number): void {
  if (replyBytes !== expectedBytes) {
    throw new Error(`${server} sent a reply of ${replyBytes} bytes under load; the right one has ${expectedBytes}`)
  }
  if (lost > 0) throw new Error(`${server} lost ${lost} replies`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON differs from whatever is expected; the caller shows the text.
    return undefined
  }
}
