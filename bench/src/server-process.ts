import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { ask } from './ask.js'
import { type Endpoint, type Kind, newEndpoint } from './endpoint.js'
import { versionRequest } from './requests.js'

/** How long a server may take to begin or to end, in milliseconds. */
const limitMs = 10_000

/** A server in a process of its own; it and its files are gone once it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  readonly child: ChildProcess
  readonly endpoint: Endpoint
}

/**
 * Starts a program that listens.
 * @param command program and arguments, before the kind and places of the endpoint
 */
export async function startServer(kind: Kind, command: readonly [string, ...string[]]): Promise<ServerProcess> {
  const endpoint = await newEndpoint(kind)
  const [program, ...args] = command
  const child = spawn(program, [...args, kind, ...endpoint.places], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // As it is deployed: elsewhere the engine also holds every result against its contract.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const server: ServerProcess = {
    child,
    endpoint,
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
      child.kill('SIGTERM')
      await ended
      clearTimeout(timer)
      await endpoint[Symbol.asyncDispose]()
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

async function untilListening({ child, endpoint }: ServerProcess): Promise<void> {
  const [place = ''] = endpoint.places
  const deadline = performance.now() + limitMs
  while (endpoint.kind !== 'udp' && !existsSync(place)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${child.spawnfile} ended at once`)
    if (performance.now() > deadline) throw new Error(`${child.spawnfile} made no ${place} within ${limitMs} ms`)
    await wait(10)
  }
  await ask(endpoint, versionRequest)
}
