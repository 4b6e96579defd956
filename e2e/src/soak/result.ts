import type { HostileResult } from './hostile.js'
import { MEMORY_BOUNDS, markers, mebibytes, type Usage } from './memory.js'
import type { SoakResult } from './soak.js'

/** What is printed of a run. */
export function soakLines(
  { accounts, longestWaitsMs, machineDelayMs, usages }: SoakResult,
  maxWaitMs: number,
): string[] {
  const peers = accounts.peers.map((account) => [
    account.transport,
    account.kind,
    account.processes,
    account.sent,
    account.received,
    account.missed,
    account.dropped,
    account.lost,
    account.difference,
  ])
  const server = accounts.server.map(({ transport, sent, missed, ran, broken, replies, difference, drops }) => [
    transport,
    sent,
    missed,
    ran,
    broken,
    replies,
    difference,
    Object.entries(drops)
      .map(([reason, count]) => `${reason} ${count}`)
      .join(', '),
  ])
  const peerHead = ['', 'peers', 'processes', 'sent', 'read', 'missed', 'dropped', 'lost', 'difference']
  return [
    '\nWhat became of the requests of each kind of peers',
    ...table(peerHead, peers),
    'missed: UDP, the system dropped the reply since the socket of the peer was full. dropped: by the server, counted with a reason.',
    'lost: sent to a peer that was killed before it read. Only the server can know: replies sent, less those that others have read.',
    '\nWhat the server did',
    ...table(['', 'sent', 'missed', 'ran', 'broken', 'replies', 'difference', 'drops'], server),
    'missed: UDP, the system dropped the request since the socket of the server was full. broken: texts of torn writers.',
    '\nLongest wait of a good peer',
    ...Object.entries(longestWaitsMs).map(([transport, ms]) => `${transport}  ${Math.round(ms)} ms of ${maxWaitMs}`),
    `and what the machine takes, on which a process with little to do was delayed for ${Math.round(machineDelayMs)} ms`,
    ...memoryLines(usages),
  ]
}

export function hostileLines({
  target,
  inputs,
  valid,
  lost,
  seconds,
  exit,
  statistics,
  usages,
}: HostileResult): string[] {
  const drops = Object.entries(statistics)
    .filter(([name, value]) => name.startsWith('mi:drops_') && value > 0)
    .map(([name, value]) => `${name.slice('mi:drops_'.length)} ${value}`)
  return [
    `\n${target}: ${inputs} hostile inputs in ${Math.round(seconds)} s, ${valid} valid requests answered` +
      `${lost > 0 ? ` (${lost} lost by the system and sent again)` : ''}, exit status ${exit}`,
    `requests ${statistics['mi:requests']}, replies ${statistics['mi:replies']}, drops: ${drops.join(', ') || 'none'}`,
    ...memoryLines(usages),
  ]
}

/** Good peers that waited too long. */
export function waitFaults({ longestWaitsMs, machineDelayMs }: SoakResult, maxWaitMs: number): string[] {
  const limit = Math.round(maxWaitMs + machineDelayMs)
  return Object.entries(longestWaitsMs)
    .filter(([, ms]) => ms > limit)
    .map(([transport, ms]) => `${transport}: a good peer waited for ${Math.round(ms)} ms, more than ${limit}`)
}

function memoryLines(usages: readonly Usage[]): string[] {
  const { first, warm, peak, last } = markers(usages)
  const row = (name: string, usage: Usage) => [
    name,
    mebibytes(usage.rssBytes),
    mebibytes(usage.heapBytes),
    usage.descriptors,
  ]
  return [
    '\nMemory of the server',
    ...table(
      ['', 'RSS', 'heap', 'descriptors'],
      [row('first', first), row('after a third', warm), row('peak', peak), row('last', last)],
    ),
    `the last may be above that after a third by ${mebibytes(MEMORY_BOUNDS.rssBytes)} RSS and ${mebibytes(MEMORY_BOUNDS.heapBytes)} heap`,
  ]
}

/** Lines of columns: texts to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const all = [head, ...rows]
  const width = (at: number): number => Math.max(...all.map((row) => String(row[at] ?? '').length))
  const cell = (value: string | number, at: number): string =>
    typeof rows[0]?.[at] === 'number' ? String(value).padStart(width(at)) : String(value).padEnd(width(at))
  return all.map((row) => row.map(cell).join('  ').trimEnd())
}
