import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** How long a server may take to begin or to end, in milliseconds. */
const limitMs = 10_000

/** A server in a process and a directory of its own; both are gone once it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  readonly child: ChildProcess
  readonly fifoName: string
  readonly replyDir: string
}

/**
 * Starts a program that listens on a FIFO.
 * @param command from the FIFO's path and the reply directory to the command line
 */
export async function startServer(
  command: (fifoName: string, replyDir: string) => readonly [string, ...string[]],
): Promise<ServerProcess> {
  const replyDir = await mkdtemp(join(tmpdir(), 'mi-bench-'))
  const fifoName = join(replyDir, 'mi_fifo')
  const [program, ...args] = command(fifoName, replyDir)
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // As it is deployed: elsewhere the engine also holds every result against its contract.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const server: ServerProcess = {
    child,
    fifoName,
    replyDir,
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
      child.kill('SIGTERM')
      await ended
      clearTimeout(timer)
      await rm(replyDir, { recursive: true, force: true })
    },
  }
  try {
    await untilListening(server)
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

async function untilListening({ child, fifoName }: ServerProcess): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!existsSync(fifoName)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${child.spawnfile} ended at once`)
    if (performance.now() > deadline) throw new Error(`${child.spawnfile} made no FIFO within ${limitMs} ms`)
    await wait(10)
  }
}
