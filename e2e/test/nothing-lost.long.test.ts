import { existsSync, statSync } from 'node:fs'
import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ClientReport, FailedTry, ServerReport } from '../src/reports.js'
import { testDirectory } from './directory.js'
import { exitOf } from './program.js'
import { reportOf, startTallyClient, startTallyServer } from './tally-processes.js'
import { until } from './until.js'

const clients = 8
const callsPerClient = 12_500
const window = 32
const calls = clients * callsPerClient

const checkIntervalMs = 10_000
/** Less than the interval, so that it is the signal that brings the FIFO back. */
const signalDeadlineMs = 8_000

/** From the deletion of the FIFO until it was there again, in milliseconds since 1970. */
interface Gap {
  readonly fromMs: number
  readonly toMs: number
}

/** Deletes a FIFO and waits until the server has made it anew. */
async function deleteFifo(fifoName: string, deadlineMs: number, afterwards: () => void = () => {}): Promise<Gap> {
  const { ino } = await stat(fifoName)
  const fromMs = Date.now()
  await unlink(fifoName)
  afterwards()
  await until('the FIFO is there again', () => existsSync(fifoName) && statSync(fifoName).ino !== ino, deadlineMs)
  return { fromMs, toMs: Date.now() }
}

test('answers each of 100,000 requests from 8 processes once while its FIFO is deleted three times', async () => {
  const directory = await testDirectory()
  const fifoName = join(directory, 'mi_fifo')
  const server = await startTallyServer(fifoName, directory, checkIntervalMs)
  const running = Array.from({ length: clients }, (_, at) =>
    startTallyClient({ fifoName, replyDir: directory, name: `c${at}`, calls: callsPerClient, window }),
  )
  const answered = (share: number): Promise<void> =>
    until(
      `${share} of the calls are answered`,
      () => running.reduce((sum, client) => sum + client.answered(), 0) >= calls * share,
      120_000,
    )
  const deleteThreeTimes = async (): Promise<Gap[]> => {
    await answered(0.2)
    const byInterval = await deleteFifo(fifoName, 60_000)
    // Right after a check of the interval, so that the next one is far.
    await answered(0.22)
    const bySignal = await deleteFifo(fifoName, signalDeadlineMs, () => server.kill('SIGHUP'))
    await answered(0.6)
    return [byInterval, bySignal, await deleteFifo(fifoName, 60_000)]
  }
  const [reports, gaps] = await Promise.all([Promise.all(running.map(({ report }) => report)), deleteThreeTimes()])

  const report = await reportOf(server)
  assertAnsweredOnce(report, reports)
  assertNothingElseFailed(
    reports.flatMap(({ failures }) => failures),
    gaps,
  )
  assertAccounts(report, reports)
  expect(await readdir(directory)).toEqual(['mi_fifo'])
  server.kill('SIGTERM')
  expect(await exitOf(server)).toBe(0)
  expect(await readdir(directory)).toEqual([])
})

/** Each call has one answer, to one of its tries; no try ran twice. */
function assertAnsweredOnce({ executions }: ServerReport, reports: readonly ClientReport[]): void {
  const answers = reports.flatMap((report) => report.answers)
  const callOf = (id: string): string => id.slice(0, id.lastIndexOf('-'))
  expect(new Set(answers.map(callOf)).size).toBe(calls)
  expect(answers).toHaveLength(calls)
  expect(executions.filter(([, times]) => times !== 1)).toEqual([])
  const executed = new Set(executions.map(([id]) => id))
  expect(answers.filter((id) => !executed.has(id))).toEqual([])
}

/** Only a try under way while there was no FIFO may have failed. */
function assertNothingElseFailed(failures: readonly FailedTry[], gaps: readonly Gap[]): void {
  const isExcused = ({ startedMs, endedMs }: FailedTry): boolean =>
    gaps.some(({ fromMs, toMs }) => startedMs <= toMs && endedMs >= fromMs)
  expect(failures.filter((failure) => !isExcused(failure))).toEqual([])
  expect(failures.filter(({ code }) => code !== 'MI_CONNECTION' && code !== 'MI_TIMEOUT')).toEqual([])
}

/** What ran without its client learning of it had failed there, and what the server says of itself agrees. */
function assertAccounts({ executions, statistics }: ServerReport, reports: readonly ClientReport[]): void {
  const failed = new Set(reports.flatMap(({ failures }) => failures).map(({ id }) => id))
  const unanswered = executions.filter(([id]) => failed.has(id)).length
  expect(executions).toHaveLength(calls + unanswered)
  expect(statistics).toMatchObject({
    'fifo:requests': executions.length,
    'fifo:replies': executions.length,
    'fifo:notifications': 0,
    'fifo:in_flight': 0,
  })
  expect(statistics['fifo:drops']).toBeLessThanOrEqual(unanswered)
}
