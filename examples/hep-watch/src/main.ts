import { readFile } from 'node:fs/promises'
import { createHepCollector } from '@mi/trace-hep'
import { type Arguments, readArguments, usage } from './arguments.js'
import { jsonOf, lineOf, shown } from './line.js'

const print = (line: string): void => console.log(line)

async function run({ places, json, lenient, key, cert }: Arguments): Promise<void> {
  const stopped = stopRequested()
  const tls = places.tls && { ...places.tls, key: await contents(key), cert: await contents(cert) }
  await using collector = createHepCollector({ ...places, tls, decode: { lenient } })
  collector.on('message', (arrival) => print(json ? jsonOf(arrival) : lineOf(arrival)))
  // One line for each kind and second, whatever a peer sends.
  collector.on('malformed', ({ error, sender, bytes, count }) => {
    const from = `${sender.transport} ${sender.address}:${sender.port}`
    console.error(`${from} sent ${bytes} bytes: ${shown(error.message)}${times(count)}`)
  })
  collector.on('problem', (error, count) => console.error(shown(error.message) + times(count)))
  await collector.listen()
  for (const [transport, { address, port }] of Object.entries(collector.addresses)) {
    console.error(`listening on ${transport}:${address.includes(':') ? `[${address}]` : address}:${port}`)
  }
  await stopped
  const { messages, malformed, unanswered } = collector.counts
  console.error(`${messages} messages, ${malformed} malformed, ${unanswered} requests without a reply`)
}

function times(count: number): string {
  return count === 1 ? '' : ` (${count} such)`
}

/** The signals that ask a server to end. */
const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Resolves at the first Ctrl-C or SIGTERM, or when nobody reads the output any more. Later signals are ignored: npm passes
 * Ctrl-C on, so that it arrives twice, and the second must not cut the close short.
 */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of signals) process.on(name, () => resolve())
    process.stdout.on('error', () => resolve())
  })
}

async function contents(file = ''): Promise<string> {
  return readFile(file, 'utf8')
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const asked = argumentsOrUsage()
if (asked?.help) print(usage)
else if (asked !== undefined) {
  try {
    await run(asked)
  } catch (error) {
    console.error(messageOf(error))
    process.exitCode = 1
  }
}
