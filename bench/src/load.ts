import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { compiled } from './native.js'
import type { ServerProcess } from './server-process.js'

const run = promisify(execFile)

/** What the load generator measured. */
export interface Measurement {
  readonly repliesPerSecond: number
  readonly p50Us: number
  readonly p99Us: number
  /** Replies that were missing for 500 ms. */
  readonly lost: number
  /** Size of the last reply. */
  readonly replyBytes: number
}

/**
 * Keeps a number of requests outstanding for a time.
 * @throws Error when no reply came at all
 */
export async function load(
  { endpoint }: ServerProcess,
  { window, seconds, request }: { readonly window: number; readonly seconds: number; readonly request: string },
): Promise<Measurement> {
  const program = await compiled('load')
  const args = [endpoint.kind, ...endpoint.places, String(window), String(seconds), request]
  const { stdout } = await run(program, args, { timeout: seconds * 1000 + 30_000 })
  return readReport(stdout)
}

/** `fifo window=32 rps=100000 p50=300.1 p99=700.2 lost=0 bytes=78` */
function readReport(line: string): Measurement {
  const fields = new Map<string, number>()
  for (const [, name = '', value] of line.matchAll(/(\w+)=([\d.-]+)/g)) fields.set(name, Number(value))
  const field = (name: string): number => {
    const value = fields.get(name)
    if (value === undefined) throw new Error(`the load generator reported no ${name}: ${line.trim()}`)
    return value
  }
  return {
    repliesPerSecond: field('rps'),
    p50Us: field('p50'),
    p99Us: field('p99'),
    lost: field('lost'),
    replyBytes: field('bytes'),
  }
}
