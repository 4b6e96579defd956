import { once } from 'node:events'
import { isIP } from 'node:net'
import type { HepArrival, HepCollectorOptions } from '@mi/trace-hep'
import type { Options } from '../arguments/options.js'
import { OK, type Status, UsageError } from '../failure.js'
import { printable, printableJson } from '../printable.js'
import { untilInterrupted } from '../signals.js'
import { type Style, styleOf, type Terminal } from '../terminal.js'

/** `mi trace --listen WHERE`: prints the traces of MI commands that arrive, until Ctrl-C. */
export async function runTrace({ listen = [], output = 'lines' }: Options, terminal: Terminal): Promise<Status> {
  if (output !== 'lines' && output !== 'json') throw new UsageError('mi trace prints only lines, or JSON with -o json')
  const { stdout, stderr, env } = terminal
  const style = styleOf(stdout, env)
  const { createHepCollector } = await import('@mi/trace-hep')
  const collector = createHepCollector(collectorOptions(listen))
  let others = 0
  collector.on('malformed', ({ error, sender, count }) => {
    const times = count === 1 ? '' : ` (${count} such)`
    stderr.write(`mi: not a HEP message, from ${sender.address}:${sender.port}: ${printable(error.message)}${times}\n`)
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
        const text = output === 'json' ? traceJson(arrival) : traceLine(arrival, style)
        if (text === undefined) others++
        else if (!stdout.write(`${text}\n`)) await once(stdout, 'drain')
      }
    } finally {
      await collector.close()
    }
    const { missed } = collector.counts
    if (others > 0) stderr.write(`mi: ${others} other HEP messages were not traces of MI\n`)
    if (missed > 0) stderr.write(`mi: ${missed} messages were lost: they arrived faster than they could be printed\n`)
    return OK
  })
}

function collectorOptions(listen: readonly string[]): HepCollectorOptions {
  const options: { udp?: HepCollectorOptions['udp']; tcp?: HepCollectorOptions['tcp'] } = {}
  for (const text of listen) {
    const { transport, host, port } = parseListen(text)
    if (options[transport] !== undefined) throw new UsageError(`--listen accepts only one ${transport}: address`)
    options[transport] = { host, port }
  }
  return options
}

/** Where HEP is received. */
export interface ListenAddress {
  readonly transport: 'udp' | 'tcp'
  readonly host: string
  readonly port: number
}

/**
 * Parses `udp:127.0.0.1:9060` or `tcp:[::1]:9060`.
 * @throws UsageError for anything else
 */
export function parseListen(text: string, defaultPort = 9060): ListenAddress {
  const [, transport, host = '', port = String(defaultPort)] =
    /^(udp|tcp):(\[[\da-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const address = host.replace(/^\[(.*)\]$/, '$1')
  if ((transport === 'udp' || transport === 'tcp') && isIP(address) !== 0 && Number(port) <= 65_535) {
    return { transport, host: address, port: Number(port) }
  }
  throw new UsageError(
    '--listen must be udp:ADDRESS:PORT or tcp:ADDRESS:PORT with an IP address of this machine, ' +
      `such as udp:127.0.0.1:9060, not '${text}'`,
  )
}

/** An address as `parseListen` takes it. */
export function listenText({ transport, host, port }: ListenAddress): string {
  return `${transport}:${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A trace as one line for people; undefined for a message that is not a trace of MI. */
function traceLine({ message, sender, mi, receivedAtMs }: HepArrival, style: Style): string | undefined {
  if (mi === undefined) return undefined
  const request = mi.kind === 'request' ? mi : mi.request
  const from = message.nodeName ?? sender.address
  const what =
    request === undefined
      ? style.dim('(the request was not seen)')
      : `${style.name(onOneLine(request.command))} by ${onOneLine(request.backend)}`
  const start = `${style.dim(clock(timeOf(message, receivedAtMs)))} ${onOneLine(from)} ${what}`
  if (mi.kind === 'request') {
    return [`${start} ->`, ...(mi.parameters === undefined ? [] : [onOneLine(mi.parameters)])].join(' ')
  }
  const elapsed = mi.elapsedMs === undefined ? '' : ` ${mi.elapsedMs.toFixed(3)} ms`
  return `${start} <-${style.number(elapsed)} ${onOneLine(mi.reply)}`
}

/** A trace as `-o json` prints it: one object per line. */
function traceJson({ message, sender, mi, receivedAtMs }: HepArrival): string | undefined {
  if (mi === undefined) return undefined
  const request = mi.kind === 'request' ? mi : mi.request
  const trace = {
    time: new Date(timeOf(message, receivedAtMs)).toISOString(),
    kind: mi.kind,
    from: { transport: sender.transport, address: sender.address, port: sender.port, node: message.nodeName },
    captureId: message.captureId,
    correlationId: message.correlationId,
    command: request?.command,
    backend: request?.backend,
    parameters: request?.parameters,
    ...(mi.kind === 'reply' ? { reply: mi.reply, elapsedMs: mi.elapsedMs } : {}),
  }
  return printableJson(JSON.stringify(trace))
}

/** When the server sent it, or else when it arrived, in milliseconds since 1970. */
function timeOf({ timeSec, timeUsec = 0 }: HepArrival['message'], receivedAtMs: number): number {
  return timeSec === undefined ? receivedAtMs : timeSec * 1000 + Math.floor(timeUsec / 1000)
}

/** `12:34:56.789` in local time. */
export function clock(ms: number): string {
  const date = new Date(ms)
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** Text on one line that cannot steer the terminal. */
export function onOneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '), '\t')
}
