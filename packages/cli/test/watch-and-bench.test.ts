import { describe, expect, test } from 'vitest'
import { mi, start } from './support/mi.js'
import { startOldServer } from './support/old-server.js'
import { key, openBash, openScreen } from './support/screen.js'
import { startServer } from './support/server.js'
import { until } from './support/until.js'

describe('watch', () => {
  test('on a screen draws each answer over the last with what changed inverted, and leaves the screen as it was', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.fifo, 'watch', '-n', '100ms', 'count'])
    await screen.shows('every 0.1 s: count')
    await screen.shows('calls: 2 (+1)')
    await screen.shows('calls: 3 (+1)')
    expect(screen.raw()).toContain('\u001b[?1049h')
    expect(screen.raw()).toContain('\u001b[7mcalls: 3 (+1)\u001b[27m')
    expect(screen.raw()).not.toContain('\u001b[7msame')
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
    expect(screen.raw()).toMatch(/\p{Cc}\[\?25h\p{Cc}\[\?1049l$/u)
  })

  test('draws anew what it shows when the screen gets another size', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'watch', '-n', '1m', 'echo', '-j', '["abcdefghijkl"]'], {}, '24x100,24x12')
    await screen.shows('first: abcdefghijkl\n')
    screen.resize()
    await screen.shows('first: abcde\n')
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
  })

  test('gives the screen back at Ctrl-Z, and takes it again at fg, in the size that it then has', async () => {
    const { ways } = await startServer()
    const screen = openBash(ways.udp, '24x100,24x12')
    await screen.shows('$ ')
    screen.type(`$MI $WAY watch -n 1m echo abcdefghijkl${key.enter}`)
    await screen.shows('first: abcdefghijkl\n')
    screen.type(key.suspend)
    await screen.shows('Stopped')
    expect(screen.raw()).toMatch(/\p{Cc}\[\?7h\p{Cc}\[\?25h\p{Cc}\[\?1049l\s*\[1\]\+\s+Stopped/u)
    await screen.shows('$ ')
    const { length } = screen.raw()
    // A terminal tells its new size to the program in front alone, which is bash.
    screen.resize()
    screen.type(`until [ "$(stty size)" = '24 12' ]; do :; done; fg${key.enter}`)
    await screen.shows('first: abcde\n')
    expect(screen.raw().slice(length)).toMatch(/\p{Cc}\[\?1049h\p{Cc}\[\?25l\p{Cc}\[\?7l/u)
    screen.type(key.interrupt)
    await screen.shows('$ ')
    expect(screen.raw().match(/\p{Cc}\[\?1049h/gu)).toHaveLength(2)
    expect(screen.raw().match(/\p{Cc}\[\?1049l/gu)).toHaveLength(2)
  })

  test('draws the screen anew when it goes on behind a stop that it was not told of', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'watch', '-n', '1m', 'count'])
    await screen.shows('calls: 1\n')
    screen.goOn()
    await screen.shows('calls: 1\n')
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
  })

  test('goes on at Ctrl-Z where nobody could bring it back', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'watch', '-n', '100ms', 'count'])
    await screen.shows('calls: 2 (+1)')
    screen.type(key.suspend)
    const again = (): string => screen.raw().split('\u001b[?1049h')[2] ?? ''
    const results = (): Set<string> => new Set(again().match(/calls: \d+/g))
    await until('it has taken the screen again and goes on', () => results().size > 1, screen.raw)
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
  })

  test('has no line run on into the next, whatever wide characters are in it', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'watch', 'echo', '漢字'])
    await screen.shows('漢字')
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
    // The terminal cuts lines at its edge, and goes back to what it did before.
    expect(screen.raw()).toMatch(/\p{Cc}\[\?1049h.*\p{Cc}\[\?7l.*漢字.*\p{Cc}\[\?7h.*\p{Cc}\[\?1049l$/su)
  })

  test('takes a terminal that does not tell its size for one of 24 lines and 80 columns', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'watch', 'count'], {}, '0x0')
    await screen.shows('every 2 s: count')
    await screen.shows('calls: 1')
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
  })

  test('elsewhere prints one result after the other with a * at what changed', async () => {
    const { ways } = await startServer()
    const { child, ended, stdout } = start([...ways.udp, 'watch', '-n', '100ms', 'count'])
    await until('two results are there', () => stdout().includes('calls: 2'))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout()).toMatch(
      /^\d\d:\d\d:\d\d {2}every 0\.1 s: count\n {2}same: x\n {2}calls: 1\n\n[^\n]+\n {2}same: x\n\* calls: 2 \(\+1\) {2}[\d.]+\/s\n\n/,
    )
  })

  test('shows the rate of a number that changes, and a row of bars', async () => {
    const { ways } = await startServer()
    const utf8 = openScreen([...ways.udp, 'watch', '-n', '100ms', 'count'], { LANG: 'C.UTF-8' }, '24x80')
    await utf8.shows('calls: 4 (+1)')
    await until('bars are there', () => /calls: 4 \(\+1\)[^\n]*\d\/s[^\n]*[▁▂▃▄▅▆▇█]{3}/u.test(utf8.raw()), utf8.raw)
    utf8.type('q')
    expect(await utf8.ended).toBe(0)
    const ascii = openScreen([...ways.udp, 'watch', '-n', '100ms', 'count'], { LC_ALL: 'C', NO_COLOR: '1' }, '24x80')
    await ascii.shows('/s')
    ascii.type('q')
    expect(await ascii.ended).toBe(0)
    expect(ascii.raw()).not.toMatch(/[▁▂▃▄▅▆▇█]/)
  })

  test('ends after --count results, and at q', async () => {
    const { ways, counted } = await startServer()
    const { code, stdout } = await mi([...ways.udp, 'watch', '-n', '100ms', '--count', '2', 'count'])
    expect({ code, results: stdout.split('every 0.1 s: count').length - 1 }).toEqual({ code: 0, results: 2 })
    expect(counted()).toBe(2)
    const screen = openScreen([...ways.udp, 'watch', '-n', '1m', 'count'])
    await screen.shows('q leaves')
    screen.type('q')
    expect(await screen.ended).toBe(0)
    expect(screen.raw()).toMatch(/\p{Cc}\[\?25h\p{Cc}\[\?1049l$/u)
  })

  test('leaves the last result on the screen after --count', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'watch', '-n', '100ms', '--count', '2', 'count'], { NO_COLOR: '1' })
    expect(await screen.ended).toBe(0)
    expect(screen.raw()).toMatch(
      /\p{Cc}\[\?1049l[^\n]*every 0\.1 s: count\r\n {2}same: x\r\n\* calls: 2 \(\+1\)[^\n]*\r\n$/u,
    )
  })

  test('says that it waits for the first reply, and ends at q then', async () => {
    const { way } = await startOldServer({ version: () => new Promise(() => undefined) })
    const screen = openScreen([...way, '--timeout', '10m', 'watch', 'version'])
    await screen.shows('waiting for the reply, ')
    screen.type('q')
    expect(await screen.ended).toBe(0)
    expect(screen.raw()).not.toContain('1049h')
  })

  test('prints an object per line with -o json, and what went wrong too', async () => {
    const { ways } = await startServer()
    const { code, stdout } = await mi([...ways.udp, 'watch', '-n', '100ms', '--count', '3', 'flaky', '-o', 'json'])
    expect(code).toBe(0)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { result: 1 },
      { problem: 'the server answered an error: not now (500)' },
      { result: 3 },
    ])
    expect(lines[0].time).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  test('ends at once when the first call fails, and goes on when a later one does', async () => {
    const { ways } = await startServer()
    expect(await mi([...ways.udp, 'watch', 'refuse'])).toMatchObject({ code: 1, stdout: '' })
    expect(await mi([...ways.udp, 'watch', 'count', '-o', 'yaml'])).toMatchObject({ code: 2, stdout: '' })
    const { child, ended, stdout } = start([...ways.udp, 'watch', '-n', '100ms', 'flaky'])
    await until('it went on after a failure', () => /not now.*\* 3/s.test(stdout()))
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' })
  })
})

describe('bench', () => {
  test('calls a command for a time, several times at once, and says how long the replies took', async () => {
    const { ways, counted } = await startServer()
    const { code, stdout, stderr } = await mi([...ways.udp, 'bench', 'count', '-c', '4', '-d', '300ms'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [, replies] = /^(\d+) replies in \d+\.\d s, \d+ per second, 4 at a time\nlatency\n {2}min/.exec(stdout) ?? []
    expect(Number(replies)).toBeGreaterThanOrEqual(4)
    // The first call opens the connection and does not count.
    expect(counted()).toBe(Number(replies) + 1)
    expect(stdout).toMatch(/p99\.9 +\d+\.\d{3} ms/)
  })

  test('shows on a terminal how far it is, and takes that away at the end', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'bench', 'count', '-d', '10m'])
    await screen.shows(' of 600 s, ')
    await screen.shows(' per second; Ctrl-C ends it')
    screen.type(key.interrupt)
    expect(await screen.ended).toBe(0)
    // The terminal shows Ctrl-C as ^C.
    expect(screen.raw()).toMatch(/Ctrl-C ends it(?:\^C)?\r\p{Cc}\[K\d+ replies in \d+\.\d s/u)
  })

  test('prints JSON for programs', async () => {
    const { ways } = await startServer()
    const { code, stdout } = await mi([...ways.fifo, 'bench', 'count', '-d', '100ms', '-o', 'json'])
    expect(code).toBe(0)
    const { calls, concurrency, errors, latencyMs } = JSON.parse(stdout)
    expect({ concurrency, errors }).toEqual({ concurrency: 1, errors: 0 })
    expect(calls).toBeGreaterThan(0)
    expect(latencyMs.min).toBeLessThanOrEqual(latencyMs.p50)
    expect(latencyMs.p50).toBeLessThanOrEqual(latencyMs.max)
  })

  test('sends nothing more when the first call fails', async () => {
    const { ways } = await startServer()
    expect(await mi([...ways.udp, 'bench', 'refuse'])).toMatchObject({ code: 1, stdout: '' })
    expect(await mi(['-u', 'fifo:/nonexistent/fifo', 'bench', 'ps'])).toMatchObject({ code: 2, stdout: '' })
  })

  test('counts errors among the replies, and Ctrl-C ends it with what was measured', async () => {
    const { ways, counted } = await startServer()
    const flaky = await mi([...ways.udp, 'bench', 'flaky', '-d', '200ms'])
    expect(flaky).toMatchObject({ code: 1, stdout: /, \d+ of them errors\n/ })
    const { child, ended } = start([...ways.udp, 'bench', 'count', '-d', '60s'])
    await until('it is under way', () => counted() > 10)
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0, stdout: /^\d+ replies in \d+\.\d s/, stderr: '' })
  })
})
