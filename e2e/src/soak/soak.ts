import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { type Accounts, accountsOf, type PeerTotals } from './accounts.js'
import { mebibytes, memoryFaults, type Usage } from './memory.js'
import type { PeerKind, PeerReport, Transport } from './messages.js'
import { Program } from './processes.js'
import { ServerProcess } from './server-process.js'
import { udpDrops } from './wire.js'

/** The kinds that stay to the end; the others are started and killed again and again. */
const STAYING = ['good', 'slow', 'mute'] as const

const SAMPLE_MS = 2_000
const PAUSE_BETWEEN_DEATHS_MS = 500

/** From the last request until everything is answered or dropped, in milliseconds: the longest time limit of the server is 2 s. */
const SETTLE_MS = 30_000

export interface SoakOptions {
  readonly seconds: number
  readonly transports: readonly Transport[]
  /** Processes that serve UDP; 0: the server itself. */
  readonly children: number
  readonly print: (line: string) => void
}

export interface SoakResult {
  readonly accounts: Accounts
  readonly longestWaitsMs: Readonly<Partial<Record<Transport, number>>>
  /** How late the timers of this process were, which has little to do: a machine that is busy delays the server too. */
  readonly machineDelayMs: number
  /** One for every two seconds; the last one after everything has settled. */
  readonly usages: readonly Usage[]
  /** Of the server. */
  readonly exit: number | string | null
  /** Replies to requests that nobody made, and peers that ended by themselves. */
  readonly faults: readonly string[]
}

/** Runs a server with peers of all kinds, then lets everything settle, and adds up. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const server = await ServerProcess.start(options.children)
  try {
    return await new Soak(server, options).run()
  } finally {
    await server.end()
  }
}

class Soak {
  private readonly peers: { readonly kind: PeerKind; readonly transport: Transport; readonly program: Program }[] = []
  /** Of the peers that were killed. */
  private readonly killed = new Map<string, PeerTotals>()
  private readonly stop = new AbortController()

  constructor(
    private readonly server: ServerProcess,
    private readonly options: SoakOptions,
  ) {}

  async run(): Promise<SoakResult> {
    const { server, options } = this
    await server.report()
    const delay = monitorEventLoopDelay()
    delay.enable()
    try {
      for (const transport of options.transports) {
        for (const kind of STAYING) this.peers.push({ kind, transport, program: await this.startPeer(kind, transport) })
      }
      const work = [this.sample(), ...options.transports.map((transport) => this.killPeers(transport))]
      // What fails ends the others too.
      for (const each of work) each.catch(() => this.stop.abort())
      await wait(options.seconds * 1_000, undefined, { signal: this.stop.signal }).catch(() => {})
      this.stop.abort()
      await Promise.all(work)
      const { accounts, longestWaitsMs, faults } = await this.settle()
      const machineDelayMs = delay.max / 1e6
      return { accounts, longestWaitsMs, machineDelayMs, faults, usages: server.usages, exit: await server.end() }
    } finally {
      delay.disable()
      this.stop.abort()
      await Promise.all(this.peers.map(({ program }) => program.end('SIGKILL')))
    }
  }

  private startPeer(kind: PeerKind, transport: Transport): Promise<Program> {
    return Program.start('peer', [kind, transport, JSON.stringify(this.server.places)])
  }

  /** Starts peers that are killed between request and reply, and over the FIFO such that are killed in the middle of a write. */
  private async killPeers(transport: Transport): Promise<void> {
    const kinds: PeerKind[] = transport === 'fifo' ? ['vanishing', 'torn'] : ['vanishing']
    for (let turn = 0; !this.stop.signal.aborted; turn++) {
      const kind = kinds[turn % kinds.length] ?? 'vanishing'
      const program = await this.startPeer(kind, transport)
      const sent = kind === 'torn' ? 1 : (await program.ask<PeerReport>('report')).sent
      await program.end('SIGKILL')
      const key = `${transport} ${kind}`
      const before = this.killed.get(key)
      this.killed.set(key, {
        transport,
        kind,
        processes: (before?.processes ?? 0) + 1,
        sent: (before?.sent ?? 0) + sent,
        received: 0,
        missed: 0,
      })
      await this.pause(PAUSE_BETWEEN_DEATHS_MS)
    }
  }

  private async sample(): Promise<void> {
    const { server, options } = this
    for (let count = 1; !this.stop.signal.aborted; count++) {
      await this.pause(SAMPLE_MS)
      const { statistics } = await server.report()
      const usage = server.usages.at(-1)
      if (count % 5 !== 0 || usage === undefined) continue
      const ran = options.transports
        .map((transport) => `${transport} ${statistics[`soak:ran_${transport}`]}`)
        .join(', ')
      options.print(
        `${(count * SAMPLE_MS) / 1_000} s: answered ${ran}; dropped ${statistics['mi:drops']}; ` +
          `RSS ${mebibytes(usage.rssBytes)}, heap ${mebibytes(usage.heapBytes)}, ${usage.descriptors} descriptors`,
      )
    }
  }

  /** Has the peers read what is there, and waits until the sums close. */
  private async settle() {
    for (const { program } of this.peers) program.tell('settle')
    const deadline = performance.now() + SETTLE_MS
    for (;;) {
      const reports = await Promise.all(
        this.peers.map(async ({ program, ...peer }) => ({
          ...peer,
          ...(await program.ask<PeerReport>('report')),
          processes: 1,
        })),
      )
      const missed = udpDrops(this.server.places.udpPort)
      const accounts = accountsOf(await this.server.report(), [...reports, ...this.killed.values()], missed)
      const isSettled = accounts.faults.length === 0 && memoryFaults(this.server.usages).length === 0
      if (isSettled || performance.now() > deadline) {
        const good = reports.filter(({ kind }) => kind === 'good')
        return {
          accounts,
          longestWaitsMs: Object.fromEntries(good.map(({ transport, longestWaitMs }) => [transport, longestWaitMs])),
          faults: reports.flatMap(({ faults }) => faults),
        }
      }
      await wait(250)
    }
  }

  private async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stop.signal }).catch(() => {})
  }
}
