import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Usage } from './memory.js'
import type { Places, ServerReport } from './messages.js'
import { Program } from './processes.js'

/** A server under test with its files. */
export class ServerProcess {
  readonly usages: Usage[] = []

  private constructor(
    private readonly directory: string,
    readonly places: Places,
    private readonly program: Program,
  ) {}

  /** @param children processes that serve UDP; 0: the server itself */
  static async start(children: number): Promise<ServerProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'mi-soak-'))
    const places: Places = {
      fifoName: join(directory, 'mi_fifo'),
      replyDir: directory,
      unixPath: join(directory, 'mi.sock'),
      udpPort: await freePort(),
      hepPort: await freePort(),
    }
    const program = await Program.start('server', [JSON.stringify(places), String(children)], ['--expose-gc'])
    return new ServerProcess(directory, places, program)
  }

  get hasExited(): boolean {
    return this.program.hasExited
  }

  /** Its numbers; the memory becomes one of `usages`. */
  async report(): Promise<ServerReport> {
    const report = await this.program.ask<ServerReport>('report')
    const pids = [this.program.pid, ...childrenOf(this.program.pid)]
    const sum = (value: (pid: number) => number): number => pids.reduce((total, pid) => total + value(pid), 0)
    this.usages.push({
      rssBytes: sum(residentBytes),
      heapBytes: report.heapBytes,
      descriptors: sum((pid) => readdirSync(`/proc/${pid}/fd`).length),
    })
    return report
  }

  /** @returns its exit status, which should be 0 */
  async end(): Promise<number | string | null> {
    try {
      return await this.program.end('SIGTERM')
    } finally {
      await this.program.end('SIGKILL')
      await rm(this.directory, { recursive: true, force: true })
    }
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number)
}

function residentBytes(pid: number): number {
  const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kib) * 1_024
}
