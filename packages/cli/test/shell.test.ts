import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { History, historyPath } from '../src/shell/history.js'
import { mi, program, start } from './support/mi.js'
import { startOldServer } from './support/old-server.js'
import { key, openBash, openScreen, type Screen } from './support/screen.js'
import { startServer } from './support/server.js'
import { until } from './support/until.js'

function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mi-cli-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

/** Types a text and waits until it is shown, then a key: readline takes what comes at once for pasted text. */
async function typeThen(screen: Screen, text: string, then: string): Promise<void> {
  screen.type(text)
  await screen.shows(text)
  screen.type(then)
}

describe('on a terminal', () => {
  test('commands are called, in colours, until exit', async () => {
    const { ways } = await startServer()
    const screen = openScreen(ways.fifo)
    await screen.shows('commands. Tab completes')
    await screen.shows('mi> ')
    screen.type(`count${key.enter}`)
    await screen.shows('"calls": 1')
    expect(screen.raw()).toContain('\u001b[36m"calls"\u001b[39m: \u001b[33m1')
    await screen.shows('mi> ')
    screen.type(`cache_store local k 'a b'${key.enter}`)
    await screen.shows('"OK"')
    screen.type(`cache_fetch system=local attr=k -o lines${key.enter}`)
    await screen.shows('\na b\n')
    screen.type(`refuse${key.enter}`)
    await screen.shows('mi: refuse: the server answered an error: No such dialog (404)')
    await screen.shows('mi> ')
    screen.type(`exit${key.enter}`)
    expect(await screen.ended).toBe(0)
  })

  test('a server that does not answer yet is reported, and what does not run there says where it does', async () => {
    const { way } = await startOldServer({ which: () => new Promise(() => undefined) })
    const screen = openScreen(way)
    await screen.shows('mi: The server did not answer within 2 s. Commands still work if it answers later.')
    await screen.shows('mi> ')
    screen.type(`doctor${key.enter}`)
    await screen.shows('mi: doctor does not run inside this shell. Type exit, then: mi doctor')
    await screen.shows('mi> ')
    screen.type(`help doctor${key.enter}`)
    await screen.shows('checks the way to the server')
    await screen.shows('mi> ')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('Tab completes commands, parameters and formats', async () => {
    const { ways } = await startServer()
    const screen = openScreen(ways.udp)
    await screen.shows('mi> ')
    await typeThen(screen, 'cache:f', key.tab)
    await screen.shows('etch ')
    await typeThen(screen, 'sy', key.tab)
    await screen.shows('stem=')
    await typeThen(screen, 'local ', key.tab)
    await screen.shows('attr=')
    await typeThen(screen, 'k -o ta', key.tab)
    await screen.shows('ble ')
    screen.type(key.enter)
    await screen.shows('null')
    // The bare name of a command that OpenSIPS 4.0 lists with its module.
    await typeThen(screen, 'upt', key.tab)
    await screen.shows('ime ')
    screen.type(key.enter)
    await screen.shows('"Up since"')
    await screen.shows('mi> ')
    await typeThen(screen, 'cach', key.tab)
    await screen.shows('e:')
    screen.type(key.tab)
    await screen.shows('cache:remove')
    screen.type(key.interrupt)
    await screen.shows('^C')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('help is at hand for the shell and for each command', async () => {
    const { ways } = await startServer()
    const screen = openScreen(ways.udp)
    await screen.shows('mi> ')
    screen.type(`help${key.enter}`)
    await screen.shows('Ctrl-C gives up a call')
    screen.type(`demo:count ?${key.enter}`)
    await screen.shows('demo:count: counts its calls')
    screen.type(`ps -u udp:127.0.0.1:1${key.enter}`)
    await screen.shows('this shell has its server')
    screen.type(`count 'x${key.enter}`)
    await screen.shows("mi: a closing ' is missing")
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('Ctrl-C clears the line, gives up a call and ends a watch, but not the shell', async () => {
    const { ways, waiting } = await startServer()
    const screen = openScreen([...ways.fifo, '--timeout', '0'])
    await screen.shows('mi> ')
    await typeThen(screen, 'nonsense', key.interrupt)
    await screen.shows('^C')
    await screen.shows('mi> ')
    screen.type(`slow${key.enter}`)
    await until('the call has reached the server', () => waiting() === 1)
    screen.type(key.interrupt)
    await screen.shows('^C')
    await screen.shows('mi> ')
    screen.type(`watch -n 100ms count${key.enter}`)
    await screen.shows('calls: 3 (+1)')
    screen.type(key.interrupt)
    await screen.shows('mi> ')
    screen.type(`count -o lines${key.enter}`)
    await screen.shows('same: x')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
    expect(screen.raw()).not.toContain('nonsense: ')
  })

  test('Ctrl-R searches the history as bash does', async () => {
    const { ways } = await startServer()
    const MI_HISTORY = join(temporary(), 'history')
    writeFileSync(MI_HISTORY, 'echo one\necho two\ncount -o lines\necho one more\n')
    const screen = openScreen(ways.udp, { MI_HISTORY })
    await screen.shows('mi> ')
    screen.type('\u0012')
    await screen.shows("(reverse-i-search)`': ")
    screen.type('one')
    await screen.shows("(reverse-i-search)`one': echo one more")
    screen.type('\u0012')
    await screen.shows("(reverse-i-search)`one': echo one")
    screen.type('\u0012')
    await screen.shows("(failed reverse-i-search)`one': echo one")
    // Backspace takes a letter away and searches anew; Enter runs what is found.
    screen.type('\u007f\u007f\u007ftwo')
    await screen.shows("(reverse-i-search)`two': echo two")
    screen.type(key.enter)
    await screen.shows('"first": "two"')
    await screen.shows('mi> ')
    // An arrow takes the line for editing.
    screen.type('\u0012')
    await screen.shows("(reverse-i-search)`': ")
    screen.type('count')
    await screen.shows("`count': count -o lines")
    screen.type(key.left)
    await screen.shows('mi> count -o lines')
    screen.type(key.enter)
    await screen.shows('calls: 1')
    await screen.shows('mi> ')
    // Ctrl-G gives it up, and what was typed before comes back.
    await typeThen(screen, 'typed', '\u0012')
    await screen.shows("(reverse-i-search)`': ")
    screen.type('two')
    await screen.shows("`two': echo two")
    screen.type('\u0007')
    await screen.shows('mi> typed')
    screen.type(key.interrupt)
    await screen.shows('^C')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('q leaves a watch, and is not typed into the shell', async () => {
    const { ways } = await startServer()
    const screen = openScreen(ways.udp)
    await screen.shows('mi> ')
    screen.type(`watch -n 1m count${key.enter}`)
    await screen.shows('q leaves')
    screen.type('q')
    await screen.shows('mi> ')
    screen.type(`count -o lines${key.enter}`)
    await screen.shows('calls: 2')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('clear clears the screen, help explains its words, and pipes are refused', async () => {
    const { ways, counted } = await startServer()
    const screen = openScreen(ways.udp)
    await screen.shows('mi> ')
    screen.type(`count | less${key.enter}`)
    await screen.shows('there is no | in this shell. Type exit, and then: mi count | less')
    await screen.shows('mi> ')
    screen.type(`!ls${key.enter}`)
    await screen.shows('programs of your system do not run here')
    await screen.shows('mi> ')
    expect(counted()).toBe(0)
    screen.type(`echo '|'${key.enter}`)
    await screen.shows('"first": "|"')
    screen.type(`help watch${key.enter}`)
    await screen.shows('watch [-n TIME]')
    await screen.shows('mi> ')
    screen.type(`clear${key.enter}`)
    await until('the screen is cleared', () => screen.raw().includes('\u001b[H\u001b[2J'))
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('a server that is not there yet may come', async () => {
    const screen = openScreen(['-u', 'fifo:/nonexistent/fifo'])
    await screen.shows('mi: /nonexistent/fifo does not exist')
    await screen.shows('mi> ')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('what was typed is there the next time', async () => {
    const { ways } = await startServer()
    const MI_HISTORY = join(temporary(), 'history')
    const first = openScreen(ways.udp, { MI_HISTORY })
    await first.shows('mi> ')
    first.type(`echo remembered${key.enter}`)
    await first.shows('"first": "remembered"')
    first.type(` echo forgotten${key.enter}`)
    await first.shows('"first": "forgotten"')
    first.type(key.end)
    expect(await first.ended).toBe(0)
    expect(readFileSync(MI_HISTORY, 'utf8')).toBe('echo remembered\n')
    expect(statSync(MI_HISTORY).mode & 0o777).toBe(0o600)
    const second = openScreen(ways.udp, { MI_HISTORY })
    await second.shows('mi> ')
    second.type(key.up)
    await second.shows('echo remembered')
    second.type(key.enter)
    await second.shows('"first": "remembered"')
    second.type(key.end)
    await second.ended
  })

  test('what a server calls its commands cannot steer the terminal', async () => {
    const { way } = await startOldServer({ 'evil:a\u001b]0;owned\u0007b': () => 1, 'evil:a2': () => 2 })
    const screen = openScreen(way)
    await screen.shows('mi> ')
    await typeThen(screen, 'evi', key.tab)
    await screen.shows('l:a')
    screen.type(key.tab)
    await screen.shows('evil:a2')
    expect(screen.raw()).toContain('evil:a\\x1b]0;owned\\x07b')
    expect(screen.raw()).not.toContain('\u001b]')
    screen.type(key.interrupt)
    await screen.shows('^C')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('Ctrl-D during a call ends the shell behind it', async () => {
    const { ways, waiting } = await startServer()
    const screen = openScreen([...ways.udp, '--timeout', '500ms'])
    await screen.shows('mi> ')
    screen.type(`slow${key.enter}`)
    await until('the call has reached the server', () => waiting() === 1)
    screen.type(key.end)
    await screen.shows("'slow' was not answered within 500 ms")
    expect(await screen.ended).toBe(0)
  })

  test('Ctrl-Z and fg in a watch leave it, and the shell behind it, as they were', async () => {
    const { ways } = await startServer()
    const screen = openBash(ways.udp)
    await screen.shows('$ ')
    screen.type(`$MI $WAY${key.enter}`)
    await screen.shows('mi> ')
    screen.type(`watch -n 1m echo abc${key.enter}`)
    await screen.shows('first: abc\n')
    screen.type(key.suspend)
    await screen.shows('Stopped')
    expect(screen.raw()).toMatch(/\p{Cc}\[\?1049l\s*\[1\]\+\s+Stopped/u)
    await screen.shows('$ ')
    screen.type(`fg${key.enter}`)
    await screen.shows('first: abc\n')
    screen.type(key.interrupt)
    await screen.shows('mi> ')
    screen.type(`count -o lines${key.enter}`)
    await screen.shows('calls: 1')
    screen.type(key.end)
    await screen.shows('$ ')
  })

  test('Tab completes the value that is written behind its option', async () => {
    const { ways } = await startServer()
    const screen = openScreen(ways.udp)
    await screen.shows('mi> ')
    await typeThen(screen, 'count --output=y', key.tab)
    await screen.shows('aml ')
    screen.type(key.enter)
    await screen.shows('calls: 1')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('Ctrl-Z and fg leave the shell and its line as they were', async () => {
    const { ways } = await startServer()
    const screen = openScreen(ways.udp)
    await screen.shows('mi> ')
    await typeThen(screen, 'cou', key.suspend)
    await until('the line is drawn anew', () => {
      screen.goOn()
      return screen.raw().includes('\u001b[0Jmi> cou')
    })
    screen.type(`nt${key.enter}`)
    await screen.shows('"calls": 1')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('a line that makes no sense is refused, and the shell continues', async () => {
    const { ways } = await startServer()
    const screen = openScreen(ways.udp)
    await screen.shows('mi> ')
    screen.type(`'' ?${key.enter}`)
    await screen.shows('mi: mi help needs the name of a command')
    await screen.shows('mi> ')
    screen.type(`count${key.enter}`)
    await screen.shows('"calls": 1')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })

  test('NO_COLOR takes the colours away', async () => {
    const { ways } = await startServer()
    const screen = openScreen([...ways.udp, 'count'], { NO_COLOR: '1' })
    await screen.shows('"calls": 1')
    expect(await screen.ended).toBe(0)
    expect(screen.raw()).not.toContain('\u001b')
  })
})

describe('the lines of a script', () => {
  test('are run one after another, and its status is the worst of theirs', async () => {
    const { ways } = await startServer()
    const input = '# comment\ncount -ojson\n\nrefuse\ncount -ojson\nexit\ncount\n'
    const { code, stdout, stderr } = await mi(ways.fifo, { input })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '{"same":"x","calls":1}\n{"same":"x","calls":2}\n' })
    expect(stderr).toContain('mi: line 4: refuse: the server answered an error')
    expect(await mi([...ways.fifo, '-ojson'], { input: 'count' })).toMatchObject({ code: 0, stdout: /"calls":3/ })
  })

  test('end with exit, also where nobody closes the pipe', async () => {
    const { ways } = await startServer()
    const input = 'count -ojson\nexit\n'
    expect(await mi(ways.udp, { input, isInputOpen: true })).toMatchObject({ code: 0, stdout: /"calls":1/ })
  })

  test('keep the status of those that were refused before the reader of the output had enough', async () => {
    const { ways } = await startServer()
    const { child, ended } = start(ways.fifo, { input: 'refuse\nmany -o lines\ncount\n' })
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect(await ended).toMatchObject({ code: 1, signal: null })
    const well = start(ways.fifo, { input: 'many -o lines\nmany -o lines\n' })
    well.child.stdout?.once('data', () => well.child.stdout?.destroy())
    expect(await well.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })

  test('cannot come from a directory, which ends it with 2', async () => {
    const dir = temporary()
    const script = 'exec "$0" "$@" < "$DIR"'
    const ended = promisify(execFile)('sh', ['-c', script, process.execPath, program, '-u', 'fifo:/nonexistent/fifo'], {
      env: { PATH: process.env.PATH, DIR: dir },
    })
    await expect(ended).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^mi: standard input is a directory;[^\n]*\n$/),
    })
  })

  test('that ask nobody end it with 2', async () => {
    expect(await mi(['-u', 'fifo:/nonexistent/fifo'], { input: 'ps\n' })).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('the history', () => {
  test('keeps what several shells append, and is cut now and then', () => {
    const path = join(temporary(), 'history')
    const lines = Array.from({ length: 2001 }, (_, index) => `line ${index}`)
    writeFileSync(path, `${lines.join('\n')}\n`)
    const one = new History(path)
    const other = new History(path)
    one.add('one')
    other.add('other')
    expect(one.lines).toHaveLength(1000)
    expect(one.lines[0]).toBe('line 2000')
    expect(readFileSync(path, 'utf8').split('\n').slice(-4)).toEqual(['line 2000', 'one', 'other', ''])
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(1003)
  })

  test('that cannot be kept says so once and is no obstacle', () => {
    const history = new History(temporary())
    history.add('ps')
    expect(history.lines).toEqual([])
    expect(history.problem).toContain('EISDIR')
  })

  test('is where MI_HISTORY says, else at home, or nowhere', () => {
    expect(historyPath({ HOME: '/home/a' })).toBe('/home/a/.mi_history')
    expect(historyPath({ HOME: '/home/a', MI_HISTORY: '/x' })).toBe('/x')
    expect(historyPath({ HOME: '/home/a', MI_HISTORY: '' })).toBeUndefined()
  })
})
