import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { EventSubscription, MiEvent } from '@mi/client'
import { isCommandError } from '@mi/contract'
import { nearest } from '@mi/internal/nearest'
import type { Options } from '../arguments/options.js'
import { quoteWord } from '../arguments/shell-words.js'
import { type Failure, failureOf, failureText, OK, type Status, UsageError } from '../failure.js'
import { render } from '../output/render.js'
import { whileWaiting } from '../output/status-line.js'
import { printableJson } from '../printable.js'
import { untilInterrupted } from '../signals.js'
import { type Connection, withClient } from '../target/connection.js'
import { eventNames } from '../target/server-lists.js'
import { type Style, styleOf, type Terminal } from '../terminal.js'
import { reportCallFailure } from './call-failure.js'
import { clock, onOneLine, parseListen } from './trace.js'

/** How often a subscription is renewed, in milliseconds: a server that was started again sends nothing until then. */
const RENEW_MS = 5000

/** How long the server may take for a hint, in milliseconds: the failure itself is known. */
const HINT_TIMEOUT_MS = 1000

/** Each event has a socket. */
const MAX_EVENTS = 256

/** `mi events [NAME ...]`: prints events as they arrive, until Ctrl-C; without a name, what events there are. */
export function runEvents(names: readonly string[], options: Options, terminal: Terminal): Promise<Status> {
  return withClient(options, terminal, (connection) =>
    untilInterrupted((signal) => events(connection, names, options, terminal, signal)),
  )
}

/**
 * Subscribes to events and prints them as they arrive; without names, lists them.
 * @param names in which `*` stands for any characters
 * @param signal ends it; the subscriptions are then taken back
 */
export async function events(
  connection: Connection,
  names: readonly string[],
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  try {
    if (names.length === 0) return await list(connection, options, terminal, signal)
    const { output = 'lines' } = options
    if (output !== 'lines' && output !== 'json') {
      throw new UsageError('mi events prints only lines, or JSON with -o json')
    }
    const found = await whileWaiting(terminal, () => namesOf(connection, names, signal))
    return await follow(connection, found, options, terminal, signal)
  } catch (error) {
    if (signal.aborted) return OK
    return reportCallFailure(error, 'event_subscribe', connection, terminal)
  }
}

async function list(
  { client }: Connection,
  { output = 'lines', timeoutMs }: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  const { stdout, env } = terminal
  const names = await whileWaiting(terminal, () => eventNames(client, { signal, timeoutMs }))
  stdout.write(`${await render(names, output, styleOf(stdout, env))}\n`)
  return OK
}

/** The events that the names stand for. Only for a `*` the server is asked. */
async function namesOf({ client }: Connection, names: readonly string[], signal: AbortSignal): Promise<string[]> {
  if (names.includes('')) throw new UsageError('mi events needs names of events, such as: mi events E_CORE_THRESHOLD')
  const known = names.some((name) => name.includes('*')) ? await eventNames(client, { signal }) : []
  const found = names.flatMap((name) => {
    if (!name.includes('*')) return [name]
    const parts = name.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    const pattern = new RegExp(`^${parts.join('.*')}$`, 'i')
    const matching = known.filter((each) => pattern.test(each))
    if (matching.length === 0) throw new UsageError(`no event of the server fits '${name}'; mi events lists all`)
    return matching
  })
  const distinct = [...new Set(found)]
  if (distinct.length > MAX_EVENTS) throw new UsageError(`mi events takes at most ${MAX_EVENTS} events at a time`)
  return distinct
}

async function follow(
  connection: Connection,
  names: readonly string[],
  { listen, count = Number.POSITIVE_INFINITY, output }: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  const { stdout, stderr, env } = terminal
  const style = styleOf(stdout, env)
  const say = (text: string): void => void stderr.write(`mi: ${clock(Date.now())} ${onOneLine(text)}\n`)
  const sockets = await socketsFor(names.length, listen, connection)
  const subscriptions = names.map((name, index) =>
    connection.client.events.subscribe(name, {
      socket: sockets[index],
      renewMs: RENEW_MS,
      // They all ask one server: the first one speaks for it.
      ...(index > 0 ? {} : outages(say, connection)),
    }),
  )
  const end = (): Promise<unknown> => Promise.all(subscriptions.map((subscription) => subscription.return()))
  const onAbort = (): void => void end()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (const [index, { ready }] of subscriptions.entries()) {
      try {
        await whileWaiting(terminal, () => ready)
      } catch (error) {
        if (signal.aborted) return OK
        if (!isCommandError(error, 400)) throw error
        return await explainRefusal(names[index] ?? '', sockets[index] ?? '', connection, terminal)
      }
    }
    stderr.write(`mi: waiting for ${onOneLine(names.join(', '))}; Ctrl-C ends it\n`)
    let left = count
    const print = async (subscription: EventSubscription): Promise<void> => {
      for await (const event of subscription) {
        if (left <= 0) return
        left -= 1
        const text = output === 'json' ? eventJson(event) : eventLine(event, style)
        // Rejects when the signal fires; the loop then ends by itself.
        if (!stdout.write(`${text}\n`)) await once(stdout, 'drain', { signal }).catch(() => undefined)
        if (left <= 0) await end()
      }
    }
    await Promise.all(subscriptions.map(print))
  } finally {
    signal.removeEventListener('abort', onAbort)
    await end()
  }
  const dropped = subscriptions.reduce((sum, subscription) => sum + subscription.dropped, 0)
  if (dropped > 0) say(`${dropped} events were lost: they arrived faster than they could be printed`)
  return OK
}

function outages(
  say: (text: string) => void,
  { server }: Connection,
): { onAway(problem: Error): void; onBack(): void } {
  return {
    onAway: (problem) =>
      say(`the server does not answer; its events are lost until it does: ${failureOf(problem, server).lines[0]}`),
    onBack: () => say('the server answers again; events arrive again'),
  }
}

/**
 * Where the server sends the events: to the address of --listen, else to the one of this machine that the server reaches. Each
 * event has a port of its own: free ones, or those from the port of --listen on.
 */
async function socketsFor(count: number, listen: Options['listen'], { server }: Connection): Promise<string[]> {
  const [given, ...others] = listen ?? []
  if (others.length > 0) throw new UsageError('mi events takes only one --listen')
  const { transport, host, port } =
    given === undefined ? { transport: 'udp', host: await ownAddress(server.url), port: 0 } : parseListen(given, 0)
  if (host.includes(':')) throw new UsageError('OpenSIPS sends events over IPv4 only; give --listen an IPv4 address')
  if (host === '0.0.0.0')
    throw new UsageError('--listen needs the IPv4 address of this machine that the server reaches')
  return Array.from({ length: count }, (_, index) => `${transport}:${host}:${port === 0 ? 0 : port + index}`)
}

/** The address from which this machine sends to the server: no packet is sent to find out. */
async function ownAddress(url: string): Promise<string> {
  const [, host] = /^(?:udp:|https?:\/\/(?:[^/?#]*@)?)(?:\/\/)?([^/:?#[\]]+)/i.exec(url) ?? []
  if (host === undefined) return '127.0.0.1'
  const socket = createSocket('udp4')
  try {
    // The port does not matter.
    socket.connect(9, host)
    await once(socket, 'connect')
    return socket.address().address
  } catch {
    // The call itself says better what is wrong with the address.
    return '127.0.0.1'
  } finally {
    socket.close()
  }
}

/** OpenSIPS answers 400 both for an unknown event and for a transport of which it has no module. */
async function explainRefusal(
  name: string,
  socket: string,
  { client }: Connection,
  { stderr, env }: Terminal,
): Promise<Status> {
  const known = await eventNames(client, { timeoutMs: HINT_TIMEOUT_MS }).catch((): string[] => [])
  const protocol = socket.slice(0, 3)
  const module = protocol === 'tcp' ? 'event_stream' : 'event_datagram'
  const needs = `its module ${module}, which sends events over ${protocol.toUpperCase()}`
  const near = nearest(name, known)
  const lines = known.includes(name)
    ? [`the server refuses to send ${name} to ${socket}`, `It needs ${needs}: loadmodule "${module}.so"`]
    : known.length === 0
      ? [`the server refuses to send ${name} to ${socket}`, `Either it has no such event, or it lacks ${needs}`]
      : [
          `the server has no event ${name}`,
          ...(near.length > 0 ? [`Did you mean ${near.join(', or ')}?`] : []),
          'mi events lists all events of the server',
        ]
  const failure: Failure = { status: 1, lines }
  stderr.write(failureText(failure, styleOf(stderr, env)))
  return failure.status
}

/** `12:34:56.789 E_PIKE_BLOCKED ip=192.0.2.1`. */
function eventLine({ event, params }: MiEvent, style: Style): string {
  const hasNames = !Array.isArray(params)
  const parts = Object.entries<unknown>(params ?? {}).map(([name, value]) => {
    const text = onOneLine(typeof value === 'string' ? quoteWord(value) : JSON.stringify(value))
    return hasNames ? `${style.dim(`${onOneLine(name)}=`)}${text}` : text
  })
  return [style.dim(clock(Date.now())), style.name(onOneLine(event)), ...parts].join(' ')
}

function eventJson({ event, params }: MiEvent): string {
  return printableJson(JSON.stringify({ time: new Date().toISOString(), event, params }))
}
