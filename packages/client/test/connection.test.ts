import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isMiError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { run } from './support/child.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { isFull } from './support/full-fifo.js'
import { resultText } from './support/responder.js'
import { until } from './support/until.js'

const exec = promisify(execFile)

describe('a server that cannot be reached is MI_CONNECTION, with the system error as cause', () => {
  test('because there is no FIFO: the message names both paths that were tried', async () => {
    await using at = await fixture({ listen: false })
    const client = at.makeClient({ fallback: join(at.dir, 'other') })
    const error = await failureOf(client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ENOENT' } })
    expect(String(error)).toContain(
      `${at.fifoName} does not exist, and ${at.dir}/other does not exist; start the server`,
    )
  })

  test('because it was stopped and took the directory of its FIFO and of the replies along', async () => {
    await using at = await fixture({ listen: false })
    const gone = join(at.dir, 'gone')
    const client = at.makeClient({ fifoName: join(gone, 'fifo'), replyDir: gone })
    for (const work of [() => client.call('pwd'), () => client.notify('pwd')]) {
      const error = await failureOf(work())
      expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ENOENT' } })
      expect(String(error)).toContain(`${gone}/fifo does not exist; start the server`)
    }
  })

  test('because this process has no descriptors left: calls that had one are answered, others say what to do', async () => {
    await using at = await fixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const program = fileURLToPath(new URL('children/many-calls.mjs', import.meta.url))
    const command = 'ulimit -n 64 && exec "$0" "$@"'
    const { stdout } = await exec('sh', ['-c', command, process.execPath, program, at.fifoName, at.replyDir, '200'])
    const { answered, failed }: { answered: number; failed: string[] } = JSON.parse(stdout)
    expect(answered + failed.length).toBe(200)
    expect(failed.length).toBeGreaterThan(0)
    for (const problem of failed) {
      expect(problem).toMatch(/^MI_CONNECTION: .*EMFILE.*lower maxConcurrent, or raise the limit \(ulimit -n/)
    }
    expect(at.replies()).toEqual([])
    expect(await at.client.call('pwd')).toBe('/')
  })

  test('because nobody reads its FIFO', async () => {
    await using at = await fixture()
    at.server.deafen()
    const error = await failureOf(at.client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ENXIO' } })
    expect(String(error)).toContain(`no server reads ${at.fifoName}`)
  })

  test('because a file stands in its place, which stays as it is', async () => {
    await using at = await fixture({ listen: false })
    writeFileSync(at.fifoName, 'precious')
    const error = await failureOf(at.client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION' })
    expect(String(error)).toContain(`${at.fifoName} is a regular file, not a FIFO`)
    expect(execFileSync('cat', [at.fifoName], { encoding: 'utf8' })).toBe('precious')
  })

  test('because a directory or a socket stands in its place', async () => {
    await using at = await fixture({ listen: false })
    expect(String(await failureOf(at.makeClient({ fifoName: at.dir }).call('pwd')))).toContain('is a directory')
    const socket = join(at.dir, 'socket')
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(socket, resolve))
    expect(String(await failureOf(at.makeClient({ fifoName: socket }).call('pwd')))).toContain('is a UNIX socket')
    await new Promise((resolve) => listener.close(resolve))
  })

  test('because it stopped reading in the middle of a request', async () => {
    await using at = await fixture()
    at.server.pause()
    const call = failureOf(at.client.call('large', ['x'.repeat(300_000)]))
    await until('a part of the request is written', () => at.replies().length === 1 && isFull(at.fifoName))
    at.server.deafen()
    const error = await call
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'EPIPE' } })
    expect(String(error)).toContain('stopped reading')
  })

  test('because it may not be written to: the message says whose it is', async () => {
    await using at = await fixture()
    const shared = join(at.dir, 'shared')
    mkdirSync(shared)
    chmodSync(shared, 0o1777)
    chmodSync(at.dir, 0o755)
    chmodSync(at.replyDir, 0o777)
    const fifoName = join(shared, 'fifo')
    renameSync(at.fifoName, fifoName)
    symlinkSync(fifoName, at.fifoName)
    chmodSync(fifoName, process.getuid?.() === 0 ? 0o600 : 0o000)
    const { stdout } = await run('call-as-nobody.mjs', ['fifo', fifoName, at.replyDir])
    const { code, cause, message } = JSON.parse(stdout)
    expect({ code, cause }).toEqual({ code: 'MI_CONNECTION', cause: 'EACCES' })
    expect(message).toMatch(
      /no permission to write to .*shared\/fifo as user \d+ \(it belongs to user \d+ .*mode 0\d00\)/,
    )
  })
})

describe('the fallback', () => {
  test.each(['is missing', 'has no reader'])('is used when the first FIFO %s', async (how) => {
    await using at = await fixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const first = join(at.dir, 'first')
    if (how === 'has no reader') execFileSync('mkfifo', [first])
    const client = at.makeClient({ fifoName: first, fallback: at.fifoName })
    expect(await client.call('pwd')).toBe('/')
  })

  test('is not used when the first FIFO is there but wrong', async () => {
    await using at = await fixture()
    const first = join(at.dir, 'first')
    writeFileSync(first, '')
    const error = await failureOf(at.makeClient({ fifoName: first, fallback: at.fifoName }).call('pwd'))
    expect(isMiError(error, 'MI_CONNECTION')).toBe(true)
    expect(at.server.lines).toEqual([])
  })

  test('is looked for anew with each call: a server that comes back is found', async () => {
    await using at = await fixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    at.server.deafen()
    expect(await failureOf(at.client.call('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
    at.server.read()
    expect(await at.client.call('pwd')).toBe('/')
  })
})
