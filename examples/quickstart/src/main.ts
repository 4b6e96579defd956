import { fileURLToPath } from 'node:url'
import { type Arguments, readArguments, usage } from './arguments.js'
import { startDemoServer } from './demo-server.js'
import { privateDirectory } from './private-directory.js'
import { roundTrip } from './round-trip.js'
import { clientLine, shellLine } from './shell-lines.js'
import { stopRequested } from './stop-request.js'

const print = (line: string): void => console.log(line)

/** How long an end may take before it is forced, in milliseconds. */
const closeLimitMs = 10_000

async function run({ once }: Arguments): Promise<void> {
  const stopped = stopRequested()
  await using directory = await privateDirectory()
  await using server = await startDemoServer(directory.path)
  const place = { fifoName: server.fifoName, replyDir: directory.path }
  print(`MI server listening on ${place.fifoName}\n`)
  await roundTrip(place, print)
  if (once) return print('\nAll answers are as expected.')

  print('\nTry it from another terminal, with nothing but a shell:\n')
  print(`  ${shellLine(place)}`)
  print('\nor through the client:\n')
  print(`  ${clientLine(place, fileURLToPath(new URL('call.js', import.meta.url)))}`)
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
