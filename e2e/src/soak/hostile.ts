import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { mkfifo } from '@mi/posix'
import { BLOCK_INPUTS, hostileInputs, REPLY_NAMES } from './hostile-inputs.js'
import { mebibytes, memoryFaults, type Usage } from './memory.js'
import type { HostileOrder, HostileReport, Target } from './messages.js'
import { Program } from './processes.js'
import { ServerProcess } from './server-process.js'
import { udpDrops } from './wire.js'

/** Processes that send at the same time. */
const WRITERS = 3

const SAMPLE_MS = 2_000

/** Longer than every time limit of the server: what waits for peers is given up by then. */
const SETTLE_MS = 10_000

export interface HostileOptions {
  readonly target: Target
  readonly seed: number
  /** Inputs, in blocks of a thousand. */
  readonly inputs: number
  /** Only this block, with a valid request after each input. */
  readonly block: number | undefined
  readonly print: (line: string) => void
}

export interface HostileResult {
  readonly target: Target
  readonly inputs: number
  /** Valid requests that were answered. */
  readonly valid: number
  /** Of those that were sent again since the system had dropped the first ones (UDP). */
  readonly lost: number
  readonly seconds: number
  /** One for every two seconds; the last one after everything has settled. */
  readonly usages: readonly Usage[]
  /** Of the server. */
  readonly exit: number | string | null
  readonly statistics: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

/** Sends hostile inputs from several processes, and a valid request after each thousand, which must be answered. */
export async function runHostile(options: HostileOptions): Promise<HostileResult> {
  const server = await ServerProcess.start(0)
  try {
    return await new Hostile(server, options).run()
  } finally {
    await server.end()
  }
}

class Hostile {
  private inputs = 0
  private valid = 0
  private lost = 0
  private readonly faults: string[] = []
  private isOver = false

  constructor(
    private readonly server: ServerProcess,
    private readonly options: HostileOptions,
  ) {}

  async run(): Promise<HostileResult> {
    const { server, options } = this
    makeReplyNames(server.places.replyDir)
    await server.report()
    const startedAt = performance.now()
    const sampling = this.sample()
    await Promise.all(this.orders().map((order) => this.write(order)))
    const seconds = (performance.now() - startedAt) / 1_000
    this.isOver = true
    await sampling
    const statistics = server.hasExited ? {} : await this.settle()
    const missed = udpDrops(server.places.udpPort) + udpDrops(server.places.hepPort)
    const { inputs, valid, lost, faults } = this
    const { target } = options
    if (lost > missed) faults.push(`${lost} valid requests were lost, and the system dropped only ${missed} datagrams`)
    return {
      target,
      inputs,
      valid,
      lost,
      seconds,
      usages: server.usages,
      exit: await server.end(),
      statistics,
      faults,
    }
  }

  private async settle(): Promise<Readonly<Record<string, number>>> {
    const { server } = this
    const deadline = performance.now() + SETTLE_MS
    for (;;) {
      const { statistics } = await server.report()
      if (memoryFaults(server.usages).length === 0 || performance.now() > deadline) return statistics
      await wait(500)
    }
  }

  private orders(): HostileOrder[] {
    const { target, seed, inputs, block } = this.options
    if (block !== undefined) return [{ target, seed, firstBlock: block, step: 1, endBlock: block + 1, oneByOne: true }]
    const endBlock = Math.ceil(inputs / BLOCK_INPUTS)
    return Array.from({ length: WRITERS }, (_, at) => ({
      target,
      seed,
      firstBlock: at,
      step: WRITERS,
      endBlock,
      oneByOne: false,
    }))
  }

  private async write(order: HostileOrder): Promise<void> {
    const blocks = Math.ceil((order.endBlock - order.firstBlock) / order.step)
    const writer = await Program.start('hostile-writer', [JSON.stringify(order), JSON.stringify(this.server.places)])
    let block = order.firstBlock
    try {
      writer.tell('begin')
      let lostBefore = 0
      for (let done = 0; done < blocks; done++, block += order.step) {
        const { inputs, lost, fault } = asReport(await writer.nextMessage())
        if (fault !== undefined) return this.keepFault(order, fault)
        this.inputs += inputs
        this.lost += lost - lostBefore
        lostBefore = lost
        if (order.target !== 'decoder') this.valid += order.oneByOne ? inputs : 1
      }
    } catch (error) {
      this.keepFault(order, { block, at: 0, text: String(error) })
    } finally {
      await writer.end('SIGKILL')
    }
  }

  private keepFault(
    { target, seed, oneByOne }: HostileOrder,
    { block, at, text }: NonNullable<HostileReport['fault']>,
  ): void {
    const inputs = hostileInputs(target, seed, block)
    const path = join(mkdtempSync(join(tmpdir(), 'mi-hostile-')), `${target}-${seed}-${block}.json`)
    const kept = oneByOne ? inputs.slice(at, at + 1) : inputs
    writeFileSync(path, JSON.stringify(kept.map((input) => input.toString('latin1'))))
    this.faults.push(
      `${target}, seed ${seed}, block ${block}${oneByOne ? `, input ${at}` : ''}: ${text}; the inputs are in ${path}; ` +
        `repeat with npm run soak -- --hostile --target ${target} --seed ${seed} --block ${block}`,
    )
  }

  private async sample(): Promise<void> {
    const { server, options } = this
    for (let count = 1; !this.isOver && !server.hasExited; count++) {
      await wait(SAMPLE_MS)
      if (server.hasExited) return
      await server.report()
      const usage = server.usages.at(-1)
      if (count % 5 !== 0 || usage === undefined) continue
      options.print(
        `${(count * SAMPLE_MS) / 1_000} s: ${options.target} ${this.inputs} inputs, ${this.valid} valid requests answered; ` +
          `RSS ${mebibytes(usage.rssBytes)}, heap ${mebibytes(usage.heapBytes)}, ${usage.descriptors} descriptors`,
      )
    }
  }
}

/** Holds because hostile-writer.ts says nothing else after it has begun. */
function asReport(message: unknown): HostileReport {
  return message as HostileReport
}

function makeReplyNames(replyDir: string): void {
  const path = (name: string): string => join(replyDir, name)
  for (const name of [REPLY_NAMES.read, REPLY_NAMES.mute, REPLY_NAMES.noReader]) mkfifo(path(name), 0o600)
  mkdirSync(path(REPLY_NAMES.directory))
  writeFileSync(path(REPLY_NAMES.file), '')
  symlinkSync(path(REPLY_NAMES.read), path(REPLY_NAMES.link))
}
