import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { ClientProgress, ClientReport, ServerReport } from '../src/reports.js'
import { exitOf, startProgram } from './program.js'

/** Starts the server and waits until it listens. */
export async function startTallyServer(
  fifoName: string,
  replyDir: string,
  checkIntervalMs: number,
): Promise<ChildProcess> {
  const server = startProgram('tally-server', [fifoName, replyDir, String(checkIntervalMs)])
  await Promise.race([once(server, 'message'), exitOf(server).then((status) => fail('the server', status))])
  return server
}

/** Asks the server what it has counted. */
export async function reportOf(server: ChildProcess): Promise<ServerReport> {
  const reported = once(server, 'message')
  server.send('report')
  const [report] = await reported
  return report
}

export interface TallyClient {
  /** Calls answered so far. */
  answered(): number
  /** What it tells at its end; rejects when it fails. */
  readonly report: Promise<ClientReport>
}

export function startTallyClient(args: {
  readonly fifoName: string
  readonly replyDir: string
  readonly name: string
  readonly calls: number
  readonly window: number
}): TallyClient {
  const { fifoName, replyDir, name, calls, window } = args
  const child = startProgram('tally-client', [fifoName, replyDir, name, String(calls), String(window)])
  let answered = 0
  let report: ClientReport | undefined
  child.on('message', (message: ClientProgress | ClientReport) => {
    if ('answered' in message) answered = message.answered
    else report = message
  })
  return {
    answered: () => answered,
    // A process may be gone before its last message is read; the channel's end is after that.
    report: Promise.all([exitOf(child), once(child, 'disconnect')]).then(
      ([status]) => report ?? fail(`client ${name}`, status),
    ),
  }
}

function fail(who: string, status: number | string | null): never {
  throw new Error(`${who} ended with ${status} before it had reported`)
}
