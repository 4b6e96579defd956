import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseIni } from '../src/target/config-file.js'
import { thrownBy } from './support/failure.js'
import { mi } from './support/mi.js'
import { startServer, type TestServer } from './support/server.js'

/** A home directory with a configuration file: the FIFO by default, UDP and nobody as instances. */
function homeFor({ dir, fifoPath, replyDir, udpPort }: TestServer): string {
  const home = join(dir, 'home')
  mkdirSync(home)
  const content = [
    '[default]',
    'prompt_name: opensips-cli',
    `fifo_reply_dir = ${replyDir}`,
    `fifo_file = ${join(dir, 'moved')}`,
    `fifo_file_fallback = ${fifoPath}`,
    '[remote]',
    'communication_type = datagram',
    'datagram_ip = 127.0.0.1',
    `datagram_port = ${udpPort}`,
    '[nobody]',
    'fifo_file = /nonexistent/nobody',
    'fifo_file_fallback = /nonexistent/nobody2',
  ]
  writeFileSync(join(home, '.opensips-cli.cfg'), content.join('\n'))
  return home
}

test('a file that is something else is not printed', () => {
  expect(thrownBy(() => parseIni(`${'x'.repeat(150)}=y`, 'f'))).toBe(
    `UsageError: f, line 1: '${'x'.repeat(40)}...' comes before the first [section]`,
  )
})

test('the configuration of opensips-cli names the server, and -i one of its instances', async () => {
  const server = await startServer()
  const env = { HOME: homeFor(server) }
  expect(await mi(['count', '-ojson'], { env })).toMatchObject({ code: 0, stdout: '{"same":"x","calls":1}\n' })
  expect(await mi(['count', '-ojson', '-i', 'remote'], { env })).toMatchObject({ code: 0, stdout: /2/ })
  const { code, stderr } = await mi(['count', '-i', 'nobody'], { env })
  expect(code).toBe(2)
  expect(stderr).toContain('/nonexistent/nobody')
  expect(stderr).toContain('.opensips-cli.cfg [nobody]')
  expect((await mi(['count', '-i', 'other'], { env })).stderr).toContain('it has default, remote, nobody')
})

test('-f names another file, MI_URL goes ahead of the usual one, and -u of all', async () => {
  const server = await startServer()
  const home = homeFor(server)
  const file = join(home, '.opensips-cli.cfg')
  const nobody = 'udp:127.0.0.1:1'
  const good = `udp:127.0.0.1:${server.udpPort}`
  expect(await mi(['count', '-f', file], { env: { MI_URL: nobody } })).toMatchObject({ code: 0 })
  expect(await mi(['count'], { env: { HOME: home, MI_URL: nobody } })).toMatchObject({ code: 2 })
  expect(await mi(['count', '-u', good], { env: { HOME: home, MI_URL: nobody } })).toMatchObject({ code: 0 })
  expect((await mi(['count', '-f', '/nonexistent.cfg'])).stderr).toContain(
    'cannot read the configuration file /nonexistent.cfg',
  )
})
