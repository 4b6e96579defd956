import type { DropCount, PeerKind, PeerReport, ServerReport, Transport } from './messages.js'

/** Reasons that stand for a request or text that never became a request; all others are of replies. */
const REQUEST_DROPS: ReadonlySet<string> = new Set([
  'no_request',
  'bad_reply_name',
  'unfinished_request',
  'request_too_large',
  'not_allowed',
])

/** The statistics groups of the transports, in the order in which server.ts gives them to the engine. */
const GROUPS: Readonly<Record<Transport, string>> = { fifo: 'fifo', unix: 'datagram', udp: 'datagram2' }

/** The peers of one kind, together. */
export interface PeerTotals extends Pick<PeerReport, 'sent' | 'received' | 'missed'> {
  readonly transport: Transport
  readonly kind: PeerKind
  readonly processes: number
}

/** What became of the requests of one kind of peers. */
export interface PeerAccount extends PeerTotals {
  readonly dropped: number
  /** Sent to a peer that was killed before it read them. */
  readonly lost: number
  /** Requests that nothing is known of. */
  readonly difference: number
}

/** What the server did with the requests of one transport. */
export interface ServerAccount {
  readonly transport: Transport
  /** Whole requests, by all peers. */
  readonly sent: number
  /** UDP: dropped by the system since the socket of the server was full. */
  readonly missed: number
  /** Commands that ran, as they count themselves. */
  readonly ran: number
  /** Texts that are not requests: those of the torn peers. */
  readonly broken: number
  /** Replies that the engine made. */
  readonly replies: number
  readonly drops: Readonly<Record<string, number>>
  readonly difference: number
}

export interface Accounts {
  readonly peers: readonly PeerAccount[]
  readonly server: readonly ServerAccount[]
  /** What does not add up. */
  readonly faults: readonly string[]
}

/**
 * Adds up what became of every request. All numbers but `lost` are counted on their own: by the peers, the commands, the engine, the
 * system. What is lost with killed peers only the server can know: the replies that it has sent and that nobody else has read.
 * @param missedByServer datagrams that the system dropped at the UDP socket of the server
 */
export function accountsOf(server: ServerReport, totals: readonly PeerTotals[], missedByServer: number): Accounts {
  const transports = [...new Set(totals.map(({ transport }) => transport))]
  const accounts = transports.map((transport) =>
    accountOf(
      transport,
      server,
      totals.filter((total) => total.transport === transport),
      transport === 'udp' ? missedByServer : 0,
    ),
  )
  return {
    peers: accounts.flatMap(({ peers }) => peers),
    server: accounts.map(({ server }) => server),
    faults: accounts.flatMap(({ faults }) => faults),
  }
}

function accountOf(transport: Transport, report: ServerReport, totals: readonly PeerTotals[], missed: number) {
  const group = GROUPS[transport]
  const count = (name: string): number => report.statistics[`${group}:${name}`] ?? 0
  const published = report.drops.filter((drop) => drop.transport === transport)
  const drops = dropsOf(report, group)
  const replyDrops = Object.entries(drops).filter(([reason]) => !REQUEST_DROPS.has(reason))
  const dropped = sum(replyDrops.map(([, drops]) => drops))
  const refused = drops.request_too_large ?? 0
  const torn = sum(totals.filter(({ kind }) => kind === 'torn').map(({ sent }) => sent))
  const sent = sum(totals.map(({ sent }) => sent)) - torn
  const ran = report.statistics[`soak:ran_${transport}`] ?? 0
  const broken = count('parse_errors') + refused
  const replies = count('replies') + refused
  const lost = replies - dropped - sum(totals.map(({ received, missed }) => received + missed))

  const peers = totals.map((total): PeerAccount => {
    const own = published.filter(({ kind, reason }) => kind === total.kind && !REQUEST_DROPS.has(reason))
    const account = { ...total, dropped: countOf(own), lost: total.kind === 'vanishing' ? lost : 0 }
    return { ...account, difference: total.sent - total.received - total.missed - account.dropped - account.lost }
  })
  const difference = sent - missed - ran + (torn - broken) + (ran + broken - replies)
  const server: ServerAccount = { transport, sent, missed, ran, broken, replies, drops, difference }
  const differences: [string, number][] = [
    ['sent - dropped by the system - ran', sent - missed - ran],
    ['torn texts - broken texts', torn - broken],
    ['ran + broken texts - replies', ran + broken - replies],
    ['requests without a known end - dropped by the system', sum(peers.map(({ difference }) => difference)) - missed],
    // Where the system has dropped requests nobody knows whose they were.
    ...(missed > 0
      ? []
      : peers.map(({ kind, difference }): [string, number] => [`sent - known ends, ${kind}`, difference])),
  ]
  const faults = differences
    .filter(([, difference]) => difference !== 0)
    .map(([what, difference]) => `${transport}: ${what} is ${difference}, and must be 0`)
  if (lost < 0) faults.push(`${transport}: ${-lost} more replies were read than sent`)
  if (countOf(published) !== sum(Object.values(drops))) {
    faults.push(`${transport}: the statistics count ${sum(Object.values(drops))} drops, mi.drop ${countOf(published)}`)
  }
  return { peers, server, faults }
}

function dropsOf({ statistics }: ServerReport, group: string): Record<string, number> {
  const prefix = `${group}:drops_`
  return Object.fromEntries(
    Object.entries(statistics)
      .filter(([name, value]) => name.startsWith(prefix) && value > 0)
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
}

function countOf(drops: readonly DropCount[]): number {
  return sum(drops.map(({ count }) => count))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
