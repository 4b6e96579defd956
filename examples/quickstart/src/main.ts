import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fifo } from '@mi/client/fifo'
import { http } from '@mi/client/http'
import { udp } from '@mi/client/udp'
import { unix } from '@mi/client/unix'
import { startDemoServer } from './demo-server.js'
import { fetchGreeting, printed, roundTrip, scriptCalls } from './round-trip.js'
import { curlLine, fifoLine, miLines } from './shell-lines.js'
import { startTracePrinter } from './trace-printer.js'

const print = (line: string): void => console.log(line)

const USAGE = `usage: npm start [-- --once]

Starts a server on a FIFO, a UDP port, a UNIX socket and HTTP, calls it, and serves until Ctrl-C.

  --once   exit after the calls; the exit status is not 0 when one of them failed
  --help   print this text
`

/** The program of @mi/cli in this checkout. */
const MI = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url))

/** How long closing may take before it is forced, in milliseconds. */
const CLOSE_LIMIT_MS = 10_000

/** What the command line asks for. */
interface Arguments {
  readonly once: boolean
  readonly help: boolean
}

async function run({ once }: Arguments): Promise<void> {
  const stopped = stopRequested()
  await using directory = await privateDirectory()
  await using traces = await startTracePrinter(print)
  await using server = await startDemoServer(directory.path, traces.tracer)
  const { fifoName, udp: udpPlace, unixSocket, url, replyDir } = server
  print('MI server listening on')
  print(`  FIFO ${fifoName}`)
  print(`  UDP  ${udpPlace.host}:${udpPlace.port}`)
  print(`  UNIX ${unixSocket}`)
  print(`  HTTP ${url}`)

  print('\nCalls over the FIFO, and their traces as a capture server sees them:\n')
  await roundTrip(printed(fifo({ fifoName, replyDir }), print))
  await traces.settled(4)
  print('\nThe same server over UDP, the UNIX socket and HTTP:\n')
  await fetchGreeting(printed(udp(udpPlace), print))
  await fetchGreeting(printed(unix({ path: unixSocket, replyDir }), print))
  await fetchGreeting(printed(http({ url }), print))
  await traces.settled(7)
  print('\nThe same server from a script in its own program, a synchronous and an asynchronous call:\n')
  await scriptCalls(server.mi, print)
  if (once) return print('\nAll replies are as expected.')

  print('\nTry it from another terminal:')
  for (const { what, line } of [...miLines(server, MI), fifoLine(server), curlLine(server)])
    print(`\n${what}:\n  ${line}`)
  print('\nServing until Ctrl-C.')
  await stopped
  print('\nClosing.')
  setTimeout(() => {
    console.error(`Still not closed after ${CLOSE_LIMIT_MS / 1000} s; giving up. ${directory.path} may still exist.`)
    process.exit(1)
  }, CLOSE_LIMIT_MS).unref()
}

/**
 * Makes a directory that only this user can enter (mode 0700), and removes it with all that is in it. Everyone who can enter a
 * directory of FIFOs can give commands; in /tmp itself that would be everyone.
 */
async function privateDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'mi-quickstart-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/**
 * Resolves at the first Ctrl-C or SIGTERM, or when nobody reads the output any more. Later signals are ignored: npm passes a
 * terminal's Ctrl-C on, so that it arrives twice, and must not cut the closing short.
 */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => resolve())
    process.stdout.on('error', () => resolve())
  })
}

function argumentsOrUsage(): Arguments | undefined {
  try {
    const { values } = parseArgs({
      options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    })
    return values
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`)
    process.exitCode = 2
    return undefined
  }
}

/** The messages of an error and its causes, down to that of the system. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`
}

const asked = argumentsOrUsage()
if (asked?.help) print(USAGE)
else if (asked !== undefined) {
  try {
    await run(asked)
  } catch (error) {
    console.error(`The quickstart failed: ${messageOf(error)}`)
    process.exitCode = 1
  }
}
