import { fileURLToPath } from 'node:url'
import { fifo, udp, unixDatagram } from '@mi/client'
import { type Arguments, readArguments, usage } from './arguments.js'
import { startDemoServer } from './demo-server.js'
import { printed } from './printed-transport.js'
import { privateDirectory } from './private-directory.js'
import { fetchGreeting, roundTrip } from './round-trip.js'
import { scriptCalls } from './script-calls.js'
import { clientLine, fifoLine, udpLine } from './shell-lines.js'
import { stopRequested } from './stop-request.js'
import { startTracePrinter } from './trace-printer.js'

const print = (line: string): void => console.log(line)

/** How long an end may take before it is forced, in milliseconds. */
const closeLimitMs = 10_000

async function run({ once }: Arguments): Promise<void> {
  const stopped = stopRequested()
  await using directory = await privateDirectory()
  await using traces = await startTracePrinter(print)
  await using server = await startDemoServer(directory.path, traces.tracer)
  const { fifoName, udp: udpPlace, unixSocket, replyDir } = server
  print('MI server listening on')
  print(`  FIFO ${fifoName}`)
  print(`  UDP  ${udpPlace.host}:${udpPlace.port}`)
  print(`  UNIX ${unixSocket}`)

  print('\nCalls over the FIFO, and their traces as a capture server sees them:\n')
  await roundTrip(printed(fifo({ fifoName, replyDir }), print))
  await traces.settled(4)
  print('\nThe same server over UDP and over the UNIX socket:\n')
  await fetchGreeting(printed(udp(udpPlace), print))
  await fetchGreeting(printed(unixDatagram({ path: unixSocket, replyDir }), print))
  await traces.settled(6)
  print('\nThe same server from a script in its own program, a synchronous and an asynchronous call:\n')
  await scriptCalls(server.mi, print)
  if (once) return print('\nAll answers are as expected.')

  print('\nTry it from another terminal, with nothing but a shell, over the FIFO:\n')
  print(`  ${fifoLine(server)}`)
  print('\nwith bash, over UDP:\n')
  print(`  ${udpLine(server)}`)
  print('\nor through the client, over the UNIX socket:\n')
  print(`  ${clientLine(server, fileURLToPath(new URL('call.js', import.meta.url)))}`)
  print('\nServing until Ctrl-C.')
  await stopped
  print('\nClosing.')
  setTimeout(() => {
    console.error(`Not closed after ${closeLimitMs / 1000} s; giving up. ${directory.path} may be left.`)
    process.exit(1)
  }, closeLimitMs).unref()
}

function argumentsOrUsage(): Arguments | undefined {
  try {
    return readArguments(process.argv.slice(2))
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`)
    process.exitCode = 2
    return undefined
  }
}

/** What a person can act on: the chain of messages down to the system's own. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`
}

const asked = argumentsOrUsage()
if (asked?.help) print(usage)
else if (asked !== undefined) {
  try {
    await run(asked)
  } catch (error) {
    console.error(`The quickstart failed: ${messageOf(error)}`)
    process.exitCode = 1
  }
}
