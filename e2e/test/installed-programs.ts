import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { cleanEnvironment, outputOf } from '../../scripts/commands.mjs'
import { inRoot } from '../../scripts/workspace.mjs'

const server = (transports: string): string => `
import { createMi } from '@mi/core'
${transports}
await mi.listen()
process.once('SIGTERM', () => mi.close())
console.log('listening')
`

/** node server.js FIFO REPLY_DIR */
export const fifoServer = server(`
import { fifo } from '@mi/fifo'

const [, , fifoName, replyDir] = process.argv
// @ts-expect-error -- a path is a string
export const wrong = () => fifo({ fifoName: 7 })
const mi = createMi({ transports: [fifo({ fifoName, replyDir })], server: { name: 'from the tests' } })`)

/** node server.js PORT UNIX_PATH */
export const datagramServer = server(`
import { datagram } from '@mi/datagram'

const [, , port, path] = process.argv
// @ts-expect-error -- a name is a string
export const wrong = () => datagram({ socketName: 7 })
const transports = [datagram({ socketName: 'udp:127.0.0.1:' + port }), datagram({ socketName: path })]
const mi = createMi({ transports, server: { name: 'from the tests' } })`)

/** node server.js PORT: two child processes serve the port. */
export const clusterServer = server(`
import { writeFileSync } from 'node:fs'
import { datagram } from '@mi/datagram'
import { cluster } from '@mi/processes'

const [, , port] = process.argv
const childModule = new URL('./commands.js', import.meta.url)
const commands = "implement(defineModule('app', { ping: { recipes: [{}] } }), { ping: () => 'pong' })"
writeFileSync(childModule, \`import { defineModule, implement } from '@mi/contract'; export const app = \${commands}\`)
const transports = [datagram({ socketName: 'udp:127.0.0.1:' + port, childrenCount: 2, childModule })]
const mi = createMi({ processes: cluster(), transports, server: { name: 'from the tests' } })`)

const client = (call: string): string => `
import { createClient } from '@mi/client'
import { fifo } from '@mi/client/fifo'
${call}
console.log(Server)
await client.close()
`
const create = `
const [, , fifoName, replyDir] = process.argv
const client = createClient(fifo({ fifoName, replyDir }))`

/** node client.js FIFO REPLY_DIR */
export const fifoClient = client(`${create}
// @ts-expect-error -- a method is a string or a contract's command
export const wrong = () => client.call(7)
const { Server } = (await client.call('version')) as { Server: string }`)

/** The same with a typed result. */
export const typedClient = client(`
import { core } from '@mi/opensips'
${create}
// @ts-expect-error -- the level is a number
export const wrong = () => client.call(core.log_level, { level: {} })
const { Server }: { Server: string } = await client.call(core.version)`)

/** A module that needs the contract alone. */
export const thirdPartyModule = `
import { defineModule, implement, invalidParams, isCommandError, isMiModule } from '@mi/contract'

export const greeter = defineModule('greeter', {
  hello: { help: 'greets', recipes: [{ name: 'string' }], result: 'string' },
})
export const greeterModule = implement(greeter, { hello: ({ name }) => 'hello ' + name })
// @ts-expect-error -- the contract says that the result is a string
export const wrong = () => implement(greeter, { hello: () => 7 })
console.log(isMiModule(greeterModule), isCommandError(invalidParams('x')))
`

/** A module with its own copy of the contract in an engine with another, called by a client: node both.mjs REPLY_DIR */
export const twoContracts = `
import { createClient } from '@mi/client'
import { fifo as overFifo } from '@mi/client/fifo'
import * as own from '@mi/contract'
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'

const ofCore = new URL('./node_modules/@mi/core/node_modules/@mi/contract/dist/index.js', import.meta.url)
const other = await import(ofCore)
const [, , replyDir] = process.argv
const fifoName = replyDir + '/mi_fifo'

const greeter = own.defineModule('greeter', { hello: { recipes: [{ name: 'string' }], result: 'string' } })
const module = own.implement(greeter, {
  hello({ name }) {
    if (name === 'nobody') throw own.invalidParams('Nobody to greet')
    return 'hello ' + name
  },
})
const mi = createMi({ modules: [module], transports: [fifo({ fifoName, replyDir })] })
await mi.listen()
const client = createClient(overFifo({ fifoName, replyDir }))
const caught = (promise) => promise.then(() => undefined, (error) => error)
const answer = await client.call(greeter.hello, { name: 'you' })
const failure = await caught(client.call(greeter.hello, { name: 'nobody' }))
await client.close()
await mi.close()
const closed = await caught(client.call(greeter.hello, { name: 'you' }))
console.log(JSON.stringify({
  distinct: own.CommandError !== other.CommandError && other.isMiModule(module),
  answer,
  failure: { code: failure.code, data: failure.data, understood: other.isCommandError(failure) },
  closed: { code: closed.code, understood: [own.isMiError(closed), other.isMiError(closed)] },
}))
`

/**
 * Compiles a program in a project with `tsc --strict`, against the types that were installed there.
 * @returns the compiled file
 */
export async function compile(project: string, source: string): Promise<string> {
  const file = join(project, 'program.ts')
  await writeFile(file, source)
  const types = ['--types', 'node', '--typeRoots', inRoot('node_modules', '@types')]
  const target = ['--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--module', 'nodenext']
  await outputOf(inRoot('node_modules', '.bin', 'tsc'), [file, '--strict', ...target, ...types], {
    cwd: project,
    env: cleanEnvironment(),
  })
  return join(project, 'program.js')
}

/** Runs a program to its end. @returns what it printed */
export const run = (file: string, args: readonly string[]): Promise<string> =>
  outputOf(process.execPath, [file, ...args], { env: cleanEnvironment() })

/** Starts a program and waits until it prints. It ends with the test. */
export async function startServer(file: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [file, ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const [first] = await Promise.race([once(child.stdout, 'data'), ended])
  if (String(first) !== 'listening\n') throw new Error(`${file} ended with ${first} before it listened`)
  return child
}

/** Calls `version` with nothing but a shell, as scripts do. */
export async function askOverFifo(fifoName: string, replyDir: string): Promise<unknown> {
  const line =
    'mkfifo "$2/r" && { cat "$2/r" & printf \':r:{"jsonrpc":"2.0","method":"version","id":7}\\n\' > "$1"; wait; rm "$2/r"; }'
  return JSON.parse(await outputOf('sh', ['-c', line, 'sh', fifoName, replyDir]))
}

/** Calls `version` over UDP. */
export async function askOverUdp(port: number): Promise<unknown> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  socket.send('{"jsonrpc":"2.0","method":"version","id":7}', port, '127.0.0.1')
  const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(60_000) })
  return JSON.parse(String(answer))
}

/** A UDP port of 127.0.0.1 that nobody has. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}
