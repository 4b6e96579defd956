import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as installed from '@mi/posix'
import { describe, expect, test } from 'vitest'
import { fifoTransport } from '../src/server.js'
import { installation } from './installation.js'
import { serving } from './support.js'

const run = promisify(execFile)

/** Listens in a process of its own, where the package is installed; tells the log and what came of it. */
async function listenIn(directory: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const replyDir = mkdtempSync(join(directory, 'replies-'))
  const code = `
    import { createMi } from '@mi/core'
    import { fifo } from '@mi/fifo'
    const note = (level) => (fields, text) => console.log(level, text, fields.reason ?? fields.err?.message ?? '')
    const log = { debug() {}, info() {}, warn: note('warn'), error: note('error') }
    const options = ${JSON.stringify({ fifoName: join(replyDir, 'mi_fifo'), replyDir })}
    const mi = createMi({ log, transports: [fifo(options)] })
    await mi.listen().then(() => console.log('listens'), (error) => console.log(error.message))
    await mi.close()`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
    cwd: directory,
    env: { ...process.env, ...env },
  })
  return stdout
}

/** Puts a package in the place of `@mi/posix`. */
function pretend(directory: string, code: string): void {
  const folder = join(directory, 'node_modules', '@mi', 'posix')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "name": "@mi/posix", "type": "module", "exports": "./index.js" }')
  writeFileSync(join(folder, 'index.js'), code)
}

describe('@mi/posix', () => {
  test('writes each reply of at most PIPE_BUF bytes, and no longer one, in one call', async () => {
    const written: string[] = []
    const writeFifo: typeof installed.writeFifo = (path, data) => {
      written.push(String(data))
      return installed.writeFifo(path, data)
    }
    const serve = serving({
      fifo: (options = {}) => fifoTransport(options, async () => ({ posix: { ...installed, writeFifo } })),
    })
    let text = ''
    const { ask } = await serve({}, { text: () => text })
    const answer = (result: string): string => JSON.stringify({ jsonrpc: '2.0', result, id: 1 })
    const room = 4_096 - answer('').length
    const small = ['x', 'x'.repeat(room), 'é'.repeat(room / 2), '☎'.repeat(room / 3)]
    for (text of [...small, 'x'.repeat(room + 1), 'é'.repeat(room / 2 + 1)]) {
      expect(await ask('t:text')).toMatchObject({ result: text })
    }
    expect(written).toEqual(small.map(answer))
  })

  test('makes the FIFO file, and no utility is needed', async () => {
    expect(await listenIn(installation('posix'), { PATH: '/nowhere' })).toBe('listens\n')
  })

  test('is not missed when it is not installed: the utility makes the file', async () => {
    expect(await listenIn(installation())).toBe('listens\n')
  })

  test('is recommended where there is no utility either', async () => {
    expect(await listenIn(installation(), { PATH: '/nowhere' })).toMatch(
      /cannot create .*mi_fifo: the utility mkfifo is not in PATH; install it \(coreutils\), or install @mi\/posix \(npm install @mi\/posix\)/,
    )
  })

  test.each([
    ['has no addon', "export const posixSupport = () => ({ native: false, reason: 'no compiler' })", 'no compiler'],
    ['does not load', "throw new Error('broken')", 'broken'],
    ['lacks a package', "import 'another-package'", "Cannot find package 'another-package'"],
  ])('that %s is done without, with one warning that says why', async (_, code, reason) => {
    const directory = installation()
    pretend(directory, code)
    const lines = (await listenIn(directory)).trimEnd().split('\n')
    expect(lines).toEqual([expect.stringMatching(/^warn @mi\/posix is installed but cannot be used: /), 'listens'])
    expect(lines[0]).toContain(reason)
  })
})
