import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Children, ChildrenOptions, Dispatcher, MiLogger, ServerTransport } from '@mi/contract'
import { createMi, type Mi, type MiOptions } from '@mi/core'
// As it is published: children run the program that stands beside the built package.
import { cluster } from '@mi/processes'
import { vi } from 'vitest'

export const beside = (name: string): URL => new URL(`./programs/${name}`, import.meta.url)

/** What a command answered. */
export interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

export interface Listed {
  readonly ID: number
  readonly PID: number
  readonly Type: string
}

/** A line of the log that the main process wrote. */
export interface Line {
  readonly level: keyof MiLogger
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** A logger that keeps its lines. */
export function recordingLog(level = 'info') {
  const lines: Line[] = []
  const write = (name: keyof MiLogger) => (fields: Line['fields'], message: string) => {
    lines.push({ level: name, fields, message })
  }
  const log = { level, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  return { lines, log }
}

/** The main process's side of the tests' transport. */
export class ChildrenTransport implements ServerTransport {
  readonly name = 'lines'
  readonly address: string
  readonly settings = {}
  readonly deaths: number[] = []
  readonly options: ChildrenOptions
  dispatcher: Dispatcher | undefined
  children: Children | undefined

  constructor(dir: string, options: Partial<ChildrenOptions> = {}) {
    this.address = dir
    this.options = {
      count: 2,
      modules: beside('work.mjs'),
      transport: beside('transport.mjs'),
      options: { dir },
      descriptors: [],
      processType: 'MI Lines',
      onDeath: (index) => this.deaths.push(index),
      ...options,
    }
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    this.dispatcher = dispatcher
    this.children = await dispatcher.startChildren?.(this.options)
  }

  async close(): Promise<void> {
    await this.children?.close()
  }
}

/** Waits until a check passes, as long as a busy machine may take. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 50_000, interval: 20 })
}

/** An engine with children that listens; ended, its folder removed, with the scope. */
export async function serve(options: Partial<ChildrenOptions> = {}, more: MiOptions = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'mi-children-'))
  const transport = new ChildrenTransport(dir, options)
  const { lines, log } = recordingLog()
  const transports = [transport, ...(more.transports ?? [])]
  const mi = createMi({ processes: cluster(), log, checkResults: true, ...more, transports })
  const remove = (): void => rmSync(dir, { recursive: true, force: true })
  try {
    await mi.listen()
  } catch (error) {
    remove()
    throw error
  }
  return {
    mi,
    dir,
    transport,
    lines,
    /** Asks a child, or the main process when `index` is 'main'. */
    ask: (index: number | 'main', method: string, params?: unknown) =>
      index === 'main' ? askMain(mi, method, params) : askChild(dir, index, method, params),
    /** Asks a child as the peer with this address. */
    askAs: (address: string, index: number, method: string) => askChild(dir, index, method, undefined, address),
    async [Symbol.asyncDispose](): Promise<void> {
      await mi.close()
      remove()
    },
  }
}

export type Server = Awaited<ReturnType<typeof serve>>

const request = (method: string, params: unknown): string => JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })

async function askMain(mi: Mi, method: string, params?: unknown): Promise<Answer> {
  return JSON.parse(String(await mi.dispatch(request(method, params))))
}

/** @throws Error when the child is gone before it answers */
export async function askChild(
  dir: string,
  index: number,
  method: string,
  params?: unknown,
  address?: string,
): Promise<Answer> {
  const socket = connect(join(dir, `${index}.sock`))
  try {
    await once(socket, 'connect')
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    socket.write(`${address === undefined ? '' : `@${address} `}${request(method, params)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('the child is gone')
    return JSON.parse(value)
  } finally {
    socket.destroy()
  }
}

/** The children that `ps` lists, in order. */
export async function childrenOf({ ask }: Pick<Server, 'ask'>): Promise<Listed[]> {
  const { result } = await ask('main', 'ps')
  return processesOf(result).filter(({ ID }) => ID > 0)
}

/** Holds for what `ps` answers, which its contract, checked in these tests, says. */
export function processesOf(result: unknown): Listed[] {
  return (result as { readonly Processes: Listed[] }).Processes
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // ESRCH: gone, which is what is asked.
    return false
  }
}

/** How many child processes of MI this process has, by the system's own list. */
export function runningChildren(): number {
  const all = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' }).split('\n')
  return all.filter((line) => Number.parseInt(line, 10) === process.pid && line.includes('processes/dist/child.js'))
    .length
}
