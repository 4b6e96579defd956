import { readFile } from 'node:fs/promises'
import { createHepCollector } from '@mi/trace-hep'
import { type Arguments, readArguments, usage } from './arguments.js'
import { jsonOf, lineOf, shown } from './line.js'
import { stopRequested } from './stop-request.js'

const print = (line: string): void => console.log(line)

async function run({ places, json, lenient, key, cert }: Arguments): Promise<void> {
  const stopped = stopRequested()
  const tls = places.tls && { ...places.tls, key: await contents(key), cert: await contents(cert) }
  await using collector = createHepCollector({ ...places, tls, decode: { lenient } })
  collector.on('message', (arrival) => print(json ? jsonOf(arrival) : lineOf(arrival)))
  collector.on('malformed', ({ error, sender, bytes }) => {
    console.error(`${sender.transport} ${sender.address}:${sender.port} sent ${bytes} octets: ${shown(error.message)}`)
  })
  collector.on('problem', (error) => console.error(shown(error.message)))
  await collector.listen()
  for (const [transport, { address, port }] of Object.entries(collector.addresses)) {
    console.error(`listening on ${transport}:${address.includes(':') ? `[${address}]` : address}:${port}`)
  }
  await stopped
  const { messages, malformed, unanswered } = collector.counts
  console.error(`${messages} messages, ${malformed} malformed, ${unanswered} requests without a reply`)
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
