import { once } from 'node:events'
import type { HepArrival, HepCollectorOptions } from '@mi/trace-hep'
import type { Options } from '../arguments/options.js'
import { ok, type Status } from '../failure.js'
import { untilInterrupted } from '../interruption.js'
import { printable, printableJson } from '../output/printable.js'
import { styleFor } from '../output/style.js'
import { hasColours, type Terminal } from '../terminal.js'
import { UsageError } from '../usage-error.js'
import { listenText, parseListen } from './listen-address.js'
import { traceJson, traceLine } from './trace-line.js'

/** `mi trace --listen WHERE`: prints the traces of MI commands that arrive, until it is interrupted. */
export async function runTrace({ listen = [], output = 'lines' }: Options, terminal: Terminal): Promise<Status> {
  if (output !== 'lines' && output !== 'json') throw new UsageError('mi trace prints lines, or JSON with -o json')
  const { stdout, stderr, env } = terminal
  const style = styleFor(hasColours(stdout, env))
  const { createHepCollector } = await import('@mi/trace-hep')
  const collector = createHepCollector(collectorOptions(listen))
  let others = 0
  collector.on('malformed', ({ error, sender }) => {
    stderr.write(`mi: no HEP from ${sender.address}:${sender.port}: ${printable(error.message)}\n`)
  })
  collector.on('problem', (error) => void stderr.write(`mi: ${printable(error.message)}\n`))
  return untilInterrupted<Status>(async (signal) => {
    await collector.listen()
    const end = (): void => void collector.close()
    signal.addEventListener('abort', end)
    // It may have fired while the sockets were opened.
    if (signal.aborted) end()
    try {
      const where = Object.entries(collector.addresses).map(([transport, { address, port }]) =>
        listenText({ transport: transport === 'tcp' ? 'tcp' : 'udp', host: address, port }),
      )
      stderr.write(`mi: listening on ${where.join(' and ')}; Ctrl-C ends it\n`)
      for await (const arrival of collector) {
        const text = output === 'json' ? jsonLine(arrival) : traceLine(arrival, style)
        if (text === undefined) others++
        else if (!stdout.write(`${text}\n`)) await once(stdout, 'drain')
      }
    } finally {
      await collector.close()
    }
    const { missed } = collector.counts
    if (others > 0) stderr.write(`mi: ${others} other messages were no traces of MI\n`)
    if (missed > 0)
      stderr.write(`mi: ${missed} messages were missed, since they came faster than they could be printed\n`)
    return ok
  })
}

function jsonLine(arrival: HepArrival): string | undefined {
  const json = traceJson(arrival)
  return json === undefined ? undefined : printableJson(JSON.stringify(json))
}

function collectorOptions(listen: readonly string[]): HepCollectorOptions {
  const options: { udp?: HepCollectorOptions['udp']; tcp?: HepCollectorOptions['tcp'] } = {}
  for (const text of listen) {
    const { transport, host, port } = parseListen(text)
    if (options[transport] !== undefined) throw new UsageError(`--listen takes one address of ${transport}:`)
    options[transport] = { host, port }
  }
  return options
}
