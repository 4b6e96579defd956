import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environmentOfItsOwn } from '../../scripts/installs/environment.mjs'
import { inRoot } from '../../scripts/root.mjs'
import { tool } from '../../scripts/tools.mjs'

const run = promisify(execFile)

/** A server on a FIFO, of the core and this transport alone: node server.js FIFO REPLY_DIR. */
export const fifoServer = `
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'

const [, , fifoName, replyDir] = process.argv
// @ts-expect-error -- a path is a text
export const wrong = () => fifo({ fifoName: 7 })
const mi = createMi({ transports: [fifo({ fifoName, replyDir })], server: { name: 'from the registry' } })
await mi.listen()
process.once('SIGTERM', () => mi.close())
console.log('listening')
`

/** A server on a UDP and a UNIX socket, which takes the addon: node server.js PORT UNIX_PATH. */
export const datagramServer = `
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'

const [, , port, path] = process.argv
const udp = datagram({ socketName: 'udp:127.0.0.1:' + port })
const unix = datagram({ socketName: path })
// @ts-expect-error -- a name is a text
export const wrong = () => datagram({ socketName: 7 })
const mi = createMi({ transports: [udp, unix], server: { name: 'from the registry' } })
await mi.listen()
process.once('SIGTERM', () => mi.close())
console.log('listening')
`

/** One call over a FIFO: node client.js FIFO REPLY_DIR. */
export const fifoClient = `
import { createClient, fifo } from '@mi/client'

const [, , fifoName, replyDir] = process.argv
const client = createClient({ transport: fifo({ fifoName, replyDir }) })
// @ts-expect-error -- a method is a text or a contract's command
const wrong = () => client.call(7)
console.log(JSON.stringify(await client.call('version')), typeof wrong)
await client.close()
`

/** One call over a FIFO whose result is typed: node typed.js FIFO REPLY_DIR. */
export const typedClient = `
import { createClient, fifo } from '@mi/client'
import { core } from '@mi/opensips'

const [, , fifoName, replyDir] = process.argv
const client = createClient({ transport: fifo({ fifoName, replyDir }) })
// @ts-expect-error -- the level is a number
export const wrong = () => client.call(core.log_level, { level: {} })
const { Server: server } = await client.call(core.version)
const text: string = server
console.log(text)
await client.close()
`

/** A module of somebody else's, which knows of the contract alone. */
export const thirdPartyModule = `
import { defineModule, implement, invalidParams, isCommandError, isMiModule } from '@mi/contract'

export const greeter = defineModule('greeter', {
  hello: { help: 'greets', recipes: [{ name: 'string' }], result: 'string' },
})
export const greeterModule = implement(greeter, {
  hello({ name }) {
    if (name === 'nobody') throw invalidParams('Nobody to greet')
    const text: string = name
    return 'hello ' + text
  },
})
// @ts-expect-error -- the contract says that the result is a text
export const wrong = () => implement(greeter, { hello: () => 7 })
console.log(isMiModule(greeterModule), isCommandError(invalidParams('x')))
`

/**
 * Compiles a program in a project with \`tsc --strict\`, against the types that were installed there.
 * @returns the compiled file
 * @throws with what tsc printed
 */
export async function compile(project: string, name: string, source: string): Promise<string> {
  const file = join(project, `${name}.ts`)
  await writeFile(file, source)
  const [command, script] = tool('typescript', 'tsc')
  const types = ['--types', 'node', '--typeRoots', inRoot('node_modules', '@types')]
  const target = ['--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--module', 'nodenext']
  await run(command, [script, file, '--strict', ...target, ...types], {
    cwd: project,
    env: environmentOfItsOwn(),
  }).catch((error: { stdout?: string }) => {
    throw new Error(`tsc --strict of ${name}.ts: ${error.stdout}`)
  })
  return join(project, `${name}.js`)
}
