import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { testDirectory } from './directory.js'
import { environmentOfItsOwn, installedPackages, installTarballs } from './install.js'
import { packAll } from './packed.js'

const run = promisify(execFile)

let packed: Awaited<ReturnType<typeof packAll>>
beforeAll(async () => {
  packed = await packAll()
})
afterAll(() => packed.remove())

const serverProgram = `
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'

const [fifoName, replyDir] = process.argv.slice(2)
const mi = createMi({ transports: [fifo({ fifoName, replyDir })], server: { name: 'from tarballs' } })
await mi.listen()
process.once('SIGTERM', () => mi.close())
console.log('listening')
`

const clientProgram = `
import { createClient, fifo } from '@mi/client'

const [fifoName, replyDir] = process.argv.slice(2)
const client = createClient({ transport: fifo({ fifoName, replyDir }) })
console.log(JSON.stringify(await client.call('version')))
await client.close()
`

/** Installs, then starts a server from nothing but what was installed. */
async function startInstalledServer(): Promise<{ fifoName: string; replyDir: string; installed: string[] }> {
  const consumer = await testDirectory()
  const replyDir = await testDirectory()
  await installTarballs(consumer, packed.tarballs, ['@mi/core', '@mi/fifo'])
  await writeFile(join(consumer, 'server.mjs'), serverProgram)
  const fifoName = join(replyDir, 'mi_fifo')
  const server = spawn(process.execPath, [join(consumer, 'server.mjs'), fifoName, replyDir], {
    env: environmentOfItsOwn(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await ended
  })
  const begun = await Promise.race([once(server.stdout, 'data'), ended])
  expect(String(begun[0])).toBe('listening\n')
  return { fifoName, replyDir, installed: await installedPackages(consumer) }
}

test('the tarballs of core and fifo alone give a server, and bring no other transport', async () => {
  const { fifoName, replyDir, installed } = await startInstalledServer()
  const line = `mkfifo "$2/r" && { cat "$2/r" & printf ':r:{"jsonrpc":"2.0","method":"version","id":7}\\n' > "$1"; wait; rm "$2/r"; }`
  const { stdout } = await run('sh', ['-c', line, 'sh', fifoName, replyDir], { timeout: 30_000 })
  expect(JSON.parse(stdout)).toMatchObject({
    jsonrpc: '2.0',
    id: 7,
    result: { Server: expect.stringMatching(/^from tarballs/) },
  })
  expect(installed).toEqual([
    '@mi/contract',
    '@mi/core',
    '@mi/fifo',
    'ajv',
    'fast-deep-equal',
    'fast-uri',
    'json-schema-traverse',
    'require-from-string',
  ])
})

test('the tarball of the client alone gives a client, and brings nothing of the server', async () => {
  const consumer = await testDirectory()
  await installTarballs(consumer, packed.tarballs, ['@mi/client'])
  expect(await installedPackages(consumer)).toEqual(['@mi/client', '@mi/contract'])
  const { fifoName, replyDir } = await startInstalledServer()
  await writeFile(join(consumer, 'client.mjs'), clientProgram)
  const { stdout } = await run(process.execPath, [join(consumer, 'client.mjs'), fifoName, replyDir], {
    timeout: 30_000,
    env: environmentOfItsOwn(),
  })
  expect(stdout).toContain('from tarballs')
  expect(await readdir(replyDir)).toEqual(['mi_fifo'])
})
