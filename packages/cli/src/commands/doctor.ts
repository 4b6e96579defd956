import type { Options } from '../arguments/options.js'
import { quoteWord } from '../arguments/shell-words.js'
import { askRelease, explainSilence } from '../doctor/answer-check.js'
import { fileChecks } from '../doctor/file-checks.js'
import { type Finding, ok, problem } from '../doctor/finding.js'
import { placeOf } from '../doctor/place.js'
import { serverChecks } from '../doctor/server-checks.js'
import { OK, REFUSED, type Status, UsageError } from '../failure.js'
import { whileWaiting } from '../output/status-line.js'
import { printable, printableJson, wrapped } from '../printable.js'
import { type Connection, withClient } from '../target/connection.js'
import { type Style, styleOf, type Terminal } from '../terminal.js'

/** How long each request may take, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 3000

const STATES = { ok: 'ok', note: 'note', problem: 'FIX' } as const

/** Where the text of a finding begins. */
const TEXT_COLUMN = 23

/** `mi doctor`: checks the way to the server step by step, and says how to fix what is wrong. */
export async function runDoctor(options: Options, terminal: Terminal): Promise<Status> {
  const { output = 'lines' } = options
  if (output !== 'lines' && output !== 'json') throw new UsageError('mi doctor prints only lines, or JSON with -o json')
  const { stdout, env } = terminal
  const style = styleOf(stdout, env)
  const columns = stdout.isTTY === true ? stdout.columns || 80 : Number.POSITIVE_INFINITY
  const findings: Finding[] = []
  const report = (finding: Finding): void => {
    findings.push(finding)
    if (output === 'lines') stdout.write(findingText(finding, style, columns))
  }
  try {
    await withClient(options, terminal, async (connection) => {
      for await (const finding of checks(connection, options, terminal)) report(finding)
    })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const example = '$ mi doctor -u fifo:/run/opensips/opensips_fifo'
    report(problem('server', error.message, 'Name the server on the command line, for example:', example))
  }
  const isHealthy = findings.every(({ state }) => state !== 'problem')
  if (output === 'json') stdout.write(`${printableJson(JSON.stringify({ ok: isHealthy, checks: findings }))}\n`)
  else stdout.write(`\n${isHealthy ? 'All is well.' : 'Fix this, and run mi doctor again.'}\n`)
  return isHealthy ? OK : REFUSED
}

async function* checks(
  connection: Connection,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: Options,
  terminal: Terminal,
): AsyncGenerator<Finding> {
  const { server } = connection
  yield ok('server', `${server.shown} (from ${server.origin})`)
  const place = placeOf(server)
  const replies = server.replyDir === undefined ? '' : ` --reply-dir ${quoteWord(server.replyDir)}`
  const again = server.origin === '-u' ? `-u ${quoteWord(server.url)}${replies}` : ''
  if (place.kind === 'fifo' || place.kind === 'unix') {
    for (const finding of fileChecks(place)) {
      yield { ...finding, fix: finding.fix.map((line) => line.replace(/mi doctor$/, `$& ${again}`.trim())) }
      if (finding.state === 'problem') return
    }
  }
  try {
    const { release, finding } = await whileWaiting(terminal, () => askRelease(connection, timeoutMs))
    yield finding
    yield* serverChecks(connection.client, release, timeoutMs)
  } catch (error) {
    yield await whileWaiting(terminal, () => explainSilence(error, place, connection, timeoutMs))
  }
}

/** `ok    FIFO             text`, and below it what to do. Commands are not broken: they are to be copied. */
function findingText({ check, state, text, fix }: Finding, style: Style, columns: number): string {
  const mark = { ok: style.text, note: style.number, problem: style.error }[state]
  const lines = wrapped(printable(text), columns - TEXT_COLUMN)
  const head = `${mark(STATES[state].padEnd(6))}${check.padEnd(TEXT_COLUMN - 6)}`
  const below = fix.flatMap((line) => {
    const shown = printable(line)
    return shown.startsWith('$ ') ? [`    ${style.bold(shown.slice(2))}`] : wrapped(shown, columns - TEXT_COLUMN)
  })
  const indent = ' '.repeat(TEXT_COLUMN)
  return `${[`${head}${lines[0] ?? ''}`, ...[...lines.slice(1), ...below].map((line) => `${indent}${line}`)].join('\n')}\n`
}
