import { describe, expect, test } from 'vitest'
import { startEventServer } from './support/event-server.js'
import { freeUdpPort } from './support/free-udp-port.js'
import { mi, start } from './support/mi.js'
import { startOldServer } from './support/old-server.js'
import { key, openScreen } from './support/screen.js'
import { startServer } from './support/server.js'
import { until } from './support/until.js'

describe('events', () => {
  test('are printed as they arrive, and the subscriptions are taken back at Ctrl-C', async () => {
    const server = await startEventServer()
    const { child, ended, stdout, stderr } = start([...server.way, 'events', 'E_ONE', 'E_TWO'])
    await until('it has subscribed', () => stderr().includes('waiting for E_ONE, E_TWO; Ctrl-C ends it'))
    server.raise('E_ONE', { ip: '192.0.2.1', note: 'a b', none: null })
    await until('the first event is shown', () => stdout().includes('\n'))
    server.raise('E_TWO', ['x', 4])
    await until('the second event is shown', () => stdout().includes('E_TWO x 4\n'))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0, signal: null })
    expect(stdout()).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} E_ONE ip=192\.0\.2\.1 note='a b' none=null\n\d\d:\d\d:\d\d\.\d{3} E_TWO x 4\n$/,
    )
    expect(server.subscribers('E_ONE')).toEqual([])
    expect(server.subscribers('E_TWO')).toEqual([])
  })

  test('are JSON with -o json, and end after --count', async () => {
    const server = await startEventServer()
    const { ended, stderr } = start([...server.way, 'events', 'E_ONE', '--count', '2', '-o', 'json'])
    await until('it has subscribed', () => stderr().includes('waiting for E_ONE'))
    for (const n of [1, 2, 3]) server.raise('E_ONE', { n })
    const { code, stdout } = await ended
    expect(code).toBe(0)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { event: 'E_ONE', params: { n: 1 } },
      { event: 'E_ONE', params: { n: 2 } },
    ])
    expect(lines[0].time).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect(server.subscribers('E_ONE')).toEqual([])
  })

  test('cannot steer the terminal', async () => {
    const server = await startEventServer()
    const { ended, stderr } = start([...server.way, 'events', 'E_ONE', '--count', '1'])
    await until('it has subscribed', () => stderr().includes('waiting for E_ONE'))
    server.raise('E_ONE', { 'a\u001b[2J': '\u202e\nx' })
    const { stdout } = await ended
    expect(stdout).toContain("a\\x1b[2J='\\u202e x'\n")
  })

  test('say that they wait for the first reply', async () => {
    const { way } = await startOldServer({ event_subscribe: () => new Promise(() => undefined) })
    const screen = openScreen([...way, '--timeout', '10m', 'events', 'E_ONE'])
    await screen.shows('waiting for the reply, ')
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
  })

  test('have a port that --listen names, and those after it', async () => {
    const server = await startEventServer()
    const port = await freeUdpPort()
    const { child, ended, stderr } = start([...server.way, 'events', 'E_ONE', '--listen', `udp:127.0.0.1:${port}`])
    await until('it has subscribed', () => stderr().includes('waiting for E_ONE'))
    expect(server.subscribers('E_ONE')).toEqual([`udp:127.0.0.1:${port}`])
    child.kill('SIGINT')
    await ended
    const asked = ['events', 'E_ONE', '--listen', 'udp:0.0.0.0']
    expect(await mi([...server.way, ...asked])).toMatchObject({ code: 2, stderr: /needs the IPv4 address/ })
  })

  test('arrive again after the server was away, which is reported', async () => {
    const server = await startEventServer()
    const { child, ended, stdout, stderr } = start([...server.way, 'events', 'E_ONE'])
    await until('it has subscribed', () => stderr().includes('waiting for E_ONE'))
    await server.stop()
    await until('it is reported', () =>
      stderr().includes('the server does not answer; its events are lost until it does'),
    )
    await server.start()
    await until('it is back', () => stderr().includes('the server answers again'))
    server.raise('E_ONE', { n: 1 })
    await until('the event is shown', () => stdout().includes('E_ONE n=1\n'))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0 })
  })

  test('are listed where none is named, and * stands for several', async () => {
    const server = await startEventServer()
    expect(await mi([...server.way, 'events'])).toMatchObject({
      code: 0,
      stdout: 'E_ONE\nE_TWO\nE_OTHER\nE_NO_MODULE\n',
      stderr: '',
    })
    const { child, ended, stderr } = start([...server.way, 'events', 'e_o*'])
    await until('it has subscribed', () => stderr().includes('waiting for E_ONE, E_OTHER; Ctrl-C ends it'))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0 })
    expect(await mi([...server.way, 'events', 'X*'])).toMatchObject({
      code: 2,
      stderr: /no event of the server fits 'X\*'/,
    })
  })

  test('that nobody has subscribed to are not raised, which is explained', async () => {
    const server = await startEventServer()
    expect(await mi([...server.way, 'raise_event', 'E_ONE'])).toMatchObject({
      code: 1,
      stderr: /Temporarily Unavailable \(480\)\n {4}Nobody has subscribed to this event\n/,
    })
    expect(await mi([...server.way, 'events', 'E_ONE', '--listen', 'foo'])).toMatchObject({
      code: 2,
      stderr: /not 'foo'\n/,
    })
  })

  test('that the server refuses are explained', async () => {
    const server = await startEventServer()
    expect(await mi([...server.way, 'events', 'E_ONW'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: /^mi: the server has no event E_ONW\n {4}Did you mean E_ONE, or E_TWO\?\n {4}mi events lists all/,
    })
    expect(await mi([...server.way, 'events', 'E_NO_MODULE'])).toMatchObject({
      code: 1,
      stderr: /It needs its module event_datagram, which sends events over UDP: loadmodule "event_datagram\.so"/,
    })
    expect(await mi([...server.way, 'events', 'E_ONE', '-o', 'table'])).toMatchObject({ code: 2 })
  })

  test('of a server that has none are refused', async () => {
    const { ways } = await startServer()
    expect(await mi([...ways.udp, 'events'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: /OpenSIPS has this command/,
    })
    expect(await mi(['-u', 'fifo:/nonexistent/fifo', 'events', 'E_ONE'])).toMatchObject({ code: 2, stdout: '' })
  })

  test('arrive in the shell too, which Ctrl-C gives back', async () => {
    const server = await startEventServer()
    const screen = openScreen(server.way)
    await screen.shows('mi> ')
    screen.type(`events E_ONE${key.enter}`)
    await screen.shows('waiting for E_ONE; Ctrl-C ends it')
    server.raise('E_ONE', { n: 7 })
    await screen.shows('n=7')
    screen.type(key.interrupt)
    await screen.shows('mi> ')
    expect(server.subscribers('E_ONE')).toEqual([])
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })
})
