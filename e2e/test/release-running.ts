import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { environmentOfItsOwn } from '../../scripts/installs/environment.mjs'

const run = promisify(execFile)
const limitMs = 30_000

/** Starts an installed server, which ends with the test. @returns the line that it prints once it listens */
export async function startInstalled(file: string, args: readonly string[]): Promise<string> {
  const server = spawn(process.execPath, [file, ...args], {
    env: environmentOfItsOwn(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  onTestFinished(() => end(server, ended))
  const [first] = await Promise.race([once(server.stdout, 'data'), ended])
  if (!Buffer.isBuffer(first)) throw new Error(`${file} ended with ${first} before it listened`)
  return String(first).trim()
}

async function end(server: ChildProcess, ended: Promise<unknown>): Promise<void> {
  server.kill('SIGTERM')
  await ended
}

/** Runs an installed program to its end. @returns what it printed */
export async function outputOf(file: string, args: readonly string[]): Promise<string> {
  return (await run(process.execPath, [file, ...args], { env: environmentOfItsOwn(), timeout: limitMs })).stdout
}

/** Calls \`version\` on a FIFO with nothing but a shell, as scripts do. @returns the answer's text */
export async function askByFifo(fifoName: string, replyDir: string): Promise<string> {
  const line =
    'mkfifo "$2/r" && { cat "$2/r" & printf \':r:{"jsonrpc":"2.0","method":"version","id":7}\\n\' > "$1"; wait; rm "$2/r"; }'
  return (await run('sh', ['-c', line, 'sh', fifoName, replyDir], { timeout: limitMs })).stdout
}

/** Calls \`version\` over UDP. @returns the answer's text */
export async function askByUdp(port: number): Promise<string> {
  const socket = createSocket('udp4')
  onTestFinished(async () => {
    socket.close()
  })
  socket.send('{"jsonrpc":"2.0","method":"version","id":7}', port, '127.0.0.1')
  const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(limitMs) })
  return String(answer)
}

/** A UDP port of 127.0.0.1 that nobody has: mi_datagram takes no 0 for any. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
