import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClient } from '../src/index.js'
import { run } from './support/child.js'
import { failureOf } from './support/failure.js'
import { resultText } from './support/responder.js'
import { unixFixture } from './support/unix-fixture.js'
import { until } from './support/until.js'

describe('a server that cannot be reached is MI_CONNECTION, with the code of the system in the cause', () => {
  test('because its socket is missing', async () => {
    await using at = await unixFixture({ listen: false })
    const error = await failureOf(at.client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ENOENT' } })
    expect(String(error)).toContain(`${at.path} does not exist; start the server, or give the socket_name of its`)
    expect(await failureOf(at.client.notify('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
  })

  test('because it was stopped and took the directory of its socket and of the replies along', async () => {
    await using at = await unixFixture({ listen: false })
    const gone = join(at.dir, 'gone')
    await using client = createClient(`unix:${gone}/socket?reply_dir=${gone}`)
    const error = await failureOf(client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ENOENT' } })
    expect(String(error)).toContain(`${gone}/socket does not exist; start the server`)
  })

  test('because a killed server has left its socket behind', async () => {
    await using at = await unixFixture()
    await at.server.close()
    expect(existsSync(at.path)).toBe(true)
    const error = await failureOf(at.client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ECONNREFUSED' } })
    expect(String(error)).toContain(`no server listens on ${at.path}; start the server`)
  })

  test('because something else is in its place', async () => {
    await using at = await unixFixture({ listen: false })
    writeFileSync(at.path, 'precious')
    expect(String(await failureOf(at.client.call('pwd')))).toContain(`${at.path} is not a UNIX socket; give`)
    rmSync(at.path)
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(at.path, resolve))
    expect(String(await failureOf(at.client.call('pwd')))).toContain('is a UNIX socket for streams, not for datagrams')
    await new Promise((resolve) => listener.close(resolve))
  })

  test('because this user may not write to it: the message tells whose it is', async () => {
    await using at = await unixFixture()
    chmodSync(at.dir, 0o755)
    chmodSync(at.replyDir, 0o777)
    chmodSync(at.path, process.getuid?.() === 0 ? 0o600 : 0o000)
    const { stdout, stderr } = await run('call-as-nobody.mjs', ['unix', at.path, at.replyDir])
    expect(stderr).toBe('')
    const { code, cause, message } = JSON.parse(stdout)
    expect({ code, cause }).toEqual({ code: 'MI_CONNECTION', cause: 'EACCES' })
    expect(message).toMatch(
      /no permission to write to .*socket as user \d+ \(it belongs to user \d+ and group \d+, mode 0\d00\); run as/,
    )
  })

  test('because there is no directory for the reply socket', async () => {
    await using at = await unixFixture()
    const error = await failureOf(at.makeClient({ replyDir: join(at.dir, 'none') }).call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ENOENT' } })
    expect(String(error)).toMatch(/cannot make the reply socket .*\/none\/mi_reply_.*: .*\/none does not exist; give a/)
    const file = join(at.dir, 'file')
    writeFileSync(file, '')
    expect(await failureOf(at.makeClient({ replyDir: file }).call('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
  })
})

describe('a server that was started again', () => {
  test('is reached by the next call, without an error between', async () => {
    await using at = await unixFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    expect(await at.client.call('pwd')).toBe('/')
    await at.server.close()
    await at.server.listen()
    expect(await at.client.call('pwd')).toBe('/')
  })

  test('never answers what the one before it had: such calls reject when a later call finds nobody', async () => {
    await using at = await unixFixture()
    const waiting = failureOf(at.client.call('never'))
    await until('it has arrived', () => at.server.texts.length === 1)
    await at.server.close()
    expect(await failureOf(at.client.call('next'))).toMatchObject({ code: 'MI_CONNECTION' })
    expect(await waiting).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ECONNREFUSED' } })
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    await at.server.listen()
    expect(await at.client.call('pwd')).toBe('/')
  })

  test('keeps the answers that the one before it has sent', async () => {
    await using at = await unixFixture()
    const answered = at.client.call('last words')
    await until('it has arrived', () => at.server.received.length === 1)
    await at.server.received[0]?.reply(resultText(1, 'here'))
    await at.server.close()
    const refused = failureOf(at.client.call('next'))
    expect(await answered).toBe('here')
    expect(await refused).toMatchObject({ code: 'MI_CONNECTION' })
  })
})
