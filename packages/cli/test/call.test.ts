import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inWordsOfCli } from '../src/failure.js'
import { mi, program, start } from './support/mi.js'
import { startOldServer } from './support/old-server.js'
import { key, openScreen } from './support/screen.js'
import { startServer } from './support/server.js'
import { until } from './support/until.js'

describe.each(['fifo', 'udp', 'unix', 'http'] as const)('over %s', (name) => {
  test('a command is called with its parameters, and its result printed', async () => {
    const { ways } = await startServer()
    const way = ways[name]
    expect(await mi(['cache_store', 'local', 'k', 'ü ✓', '-o', 'json', ...way])).toEqual({
      code: 0,
      signal: null,
      stdout: '"OK"\n',
      stderr: '',
    })
    expect(await mi([...way, 'cache:fetch', 'system=local', 'attr=k'])).toMatchObject({ code: 0, stdout: '"ü ✓"\n' })
    expect(await mi([...way, 'echo', '-j', '{"first":"a","rest":["b"]}', '-o', 'json'])).toMatchObject({
      stdout: '{"first":"a","rest":["b"]}\n',
    })
  })

  test('an error of the server ends it with 1 and says what it was', async () => {
    const { ways } = await startServer()
    expect(await mi([...ways[name], 'refuse'])).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'mi: refuse: the server answered an error: No such dialog (404): {"callid":"x"}\n',
    })
  })
})

test.each([
  ['fifo', 'fifo:/nonexistent/fifo', '/nonexistent/fifo does not exist'],
  ['unix', 'unix:/nonexistent/socket', '/nonexistent/socket'],
  ['http', 'http://127.0.0.1:1/mi', '127.0.0.1:1'],
])(
  'a %s server that is not there ends it with 2, and the message says which server was tried and why',
  async (_, url, problem) => {
    const { code, stdout, stderr } = await mi(['-u', url, 'ps'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(problem)
    expect(stderr).toContain(`Tried ${url} (from -u)`)
  },
)

test('a reply that is not JSON-RPC ends it with 2 and is shown', async () => {
  const server = createServer((_, response) => void response.writeHead(404).end('<h1>\u001b[2JNot here</h1>'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { code, stdout, stderr } = await mi(['-u', `http://127.0.0.1:${port}/mi`, 'ps'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('404')
  expect(stderr).toContain('<h1>\\x1b[2JNot here</h1>')
})

test('a password in the URL is not shown', async () => {
  const { stderr } = await mi(['-u', 'http://user:secret@127.0.0.1:1/mi', 'ps'])
  expect(stderr).toContain('Tried http://127.0.0.1:1/mi')
  expect(stderr).not.toContain('secret')
  // The last @ ends a password.
  const two = await mi(['-u', 'http://user:top@secret@127.0.0.1:1/mi', 'ps'])
  expect(two.stderr).toContain('Tried http://127.0.0.1:1/mi')
  expect(two.stderr).not.toContain('secret')
})

test('no reply in time ends it with 2', async () => {
  const { ways } = await startServer()
  const { code, stderr } = await mi([...ways.fifo, '--timeout', '300ms', 'slow'])
  expect(code).toBe(2)
  expect(stderr).toContain("'slow' was not answered within 300 ms")
  expect(stderr).toContain('If that directory is right, the command takes longer: give it time with --timeout 60s')
  const long = await mi([...ways.fifo, '--timeout', '300ms', 'slow', 'x'.repeat(4100)])
  expect(long.stderr).not.toContain('give')
})

test('wrong arguments end it with 2 before a server is asked', async () => {
  for (const args of [
    ['ps', '--nosuch'],
    ['ps', '-u', 'tcp:x'],
    ['ps', '-u', 'http://user:100%@127.0.0.1:1/mi'],
    ['help', ''],
    ['completion', 'tcsh'],
    ['-i', 'nowhere', 'ps'],
  ]) {
    const { code, stdout, stderr } = await mi(args)
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' })
    expect(stderr).toMatch(/^mi: .+\n( {4}.+\n)*$/)
  }
})

test('parameters too many for the recipes of a command that no catalogue knows fill its last one', async () => {
  const { ways } = await startServer()
  const { stdout } = await mi([...ways.udp, '-ojson', 'demo:echo', 'a', 'b', 'c'])
  expect(stdout).toBe('{"first":"a","rest":["b","c"]}\n')
  expect(await mi([...ways.udp, '-ojson', 'echo', 'first=a', 'rest[]=b c'])).toMatchObject({
    stdout: '{"first":"a","rest":["b c"]}\n',
  })
})

test('statistics are asked for by as many names as there are', async () => {
  const { ways } = await startServer()
  const { code, stdout } = await mi([...ways.udp, '-ojson', 'get_statistics', 'mi:requests', 'mi:replies'])
  expect(code).toBe(0)
  expect(Object.keys(JSON.parse(stdout))).toEqual(['mi:requests', 'mi:replies'])
  expect(await mi([...ways.udp, 'get_statistics', 'mi:'])).toMatchObject({ code: 0 })
})

test('wrong parameters are followed by the right ones', async () => {
  const { ways } = await startServer()
  const { code, stderr } = await mi([...ways.unix, 'log_level', 'loud'])
  expect(code).toBe(1)
  expect(stderr).toBe(
    "mi: log_level: the server answered an error: Invalid params (-32602): Bad type for parameter 'level'\n" +
      '    log_level takes: (nothing) | level | level pid\n',
  )
})

test('a mistyped command is followed by what was probably meant', async () => {
  const { ways } = await startServer()
  expect(await mi([...ways.udp, 'cahce:fetch'])).toMatchObject({
    code: 1,
    stderr:
      'mi: cahce:fetch: the server has no such command (Method not found, -32601)\n' +
      '    Did you mean cache:fetch?\n',
  })
  expect((await mi([...ways.udp, 'xyzzyxyzzy'])).stderr).toContain('mi which lists all commands of the server')
})

test('a command that the server lacks is followed by the module that has it', async () => {
  const { ways } = await startServer()
  const { code, stderr } = await mi([...ways.udp, 'dlg_list'])
  expect(code).toBe(1)
  expect(stderr).toContain('in its module dialog, which the server has not loaded: loadmodule "dialog.so"')
  expect((await mi([...ways.udp, 'reload_routes'])).stderr).not.toContain('which the server has not loaded')
  // Other names of its commands, and the words of mi itself, can be mistyped too.
  expect((await mi([...ways.udp, 'get_statistic'])).stderr).toContain('Did you mean get_statistics, or')
  expect((await mi([...ways.udp, 'wacth', 'ps'])).stderr).toContain('Did you mean watch?')
})

test('the trace of mi is mentioned where the server has no command of that name', async () => {
  const { ways } = await startServer()
  const { code, stderr } = await mi([...ways.udp, 'trace'])
  expect(code).toBe(1)
  expect(stderr).toContain('mi trace --listen udp:ADDRESS:9060')
  expect(stderr).not.toContain('Did you mean trace?')
})

test('too many values are named as such', async () => {
  const { ways } = await startServer()
  expect(await mi([...ways.udp, 'log_level', '1', '2', '3'])).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr:
      'mi: log_level: Too many parameters (Invalid params, -32602)\n' +
      '    log_level takes: (nothing) | level | level pid\n',
  })
  // The server says that the one parameter has a bad type, since all values were put into it.
  expect((await mi([...ways.udp, 'one', '1', '2'])).stderr).toContain('one: Too many parameters')
})

test('the errors of a script name their lines', async () => {
  const { ways } = await startServer()
  const input = '# comment\nlog "x\n\nnosuch\nversion -o\nversion -o none\nrefuse\n'
  const { code, stderr } = await mi(ways.udp, { input })
  expect(code).toBe(2)
  const lines = stderr.split('\n').filter((line) => line.startsWith('mi: '))
  expect(lines).toEqual([
    'mi: line 2: a closing " is missing',
    'mi: line 4: nosuch: the server has no such command (Method not found, -32601)',
    'mi: line 5: -o needs a value: -o FORMAT',
    'mi: line 7: refuse: the server answered an error: No such dialog (404): {"callid":"x"}',
  ])
})

test('a server of another release is asked under the name that it has', async () => {
  const { way, asked } = await startOldServer({ dlg_list: () => ({ Dialogs: [] }), get_statistics: (params) => params })
  expect(await mi([...way, '-ojson', 'dialog:list'])).toMatchObject({ code: 0, stdout: '{"Dialogs":[]}\n' })
  expect(asked).toEqual(['dialog:list', 'dialog:list', 'which', 'dlg_list'])
  expect(await mi([...way, '-ojson', 'statistics:get', 'tm:'])).toMatchObject({ stdout: '[["tm:"]]\n' })
})

test('results that go ahead of the final one are printed as they come', async () => {
  const { ways } = await startServer()
  expect(await mi([...ways.fifo, 'steps', '-o', 'lines'])).toMatchObject({ code: 0, stdout: 'one\ntwo\nthree\n' })
})

test('what a server sends cannot steer the terminal', async () => {
  const { ways } = await startServer()
  for (const format of ['pretty', 'json', 'lines', 'yaml', 'table']) {
    const { stdout } = await mi([...ways.udp, 'evil', '-o', format])
    expect(stdout).toContain('owned')
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  }
})

test('numbers are printed with the digits that came', async () => {
  const numbers = '{"a":9007199254740993,"b":1.844674e+19,"c":[1.0,-0,2]}'
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += piece
    response.setHeader('content-type', 'application/json')
    response.end(`{"jsonrpc":"2.0","result":${numbers},"id":${JSON.stringify(JSON.parse(text).id)}}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/mi`
  const printed = async (format: string): Promise<string> => (await mi(['-u', url, 'x', '-o', format])).stdout
  expect(await printed('json')).toBe(`${numbers}\n`)
  expect((await printed('pretty')).replace(/\s/g, '')).toBe(numbers)
  expect(await printed('lines')).toBe('a: 9007199254740993\nb: 1.844674e+19\nc:\n    1.0\n    -0\n    2\n')
  expect(await printed('yaml')).toBe('a: 9007199254740993\nb: 1.844674e+19\nc:\n  - 1.0\n  - -0\n  - 2\n')
  expect(await printed('table')).toBe('a  9007199254740993\nb      1.844674e+19\n\nc\n1.0\n-0\n2\n')
})

test('a reader that has enough ends it quietly', async () => {
  const { ways } = await startServer()
  const { child, ended } = start([...ways.fifo, 'many', '-o', 'lines'])
  child.stdout?.once('data', () => child.stdout?.destroy())
  expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' })
})

test('an error keeps its exit status where nobody reads what it says', async () => {
  const { ways } = await startServer()
  const { child, ended } = start([...ways.fifo, 'refuse'])
  child.stderr?.destroy()
  expect(await ended).toMatchObject({ code: 1, signal: null, stdout: '' })
})

test.skipIf(process.platform !== 'linux')('an output that cannot be written ends it with 2 and says why', async () => {
  const { ways } = await startServer()
  const script = 'exec "$0" "$@" > /dev/full'
  const ended = promisify(execFile)('sh', ['-c', script, process.execPath, program, ...ways.fifo, 'count'])
  await expect(ended).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^mi: cannot write the output: ENOSPC[^\n]*\n$/),
  })
})

test('a terminal that is gone ends it as its signal would', async () => {
  const { ways } = await startServer()
  const script = [
    'import os, pty, subprocess, sys',
    'master, terminal = pty.openpty()',
    'os.close(master)',
    'print(subprocess.run(sys.argv[1:], stdout=terminal, start_new_session=True).returncode)',
  ]
  const args = ['-c', script.join('\n'), process.execPath, program, ...ways.udp, 'count']
  expect(await promisify(execFile)('python3', args)).toEqual({ stdout: '-1\n', stderr: '' })
})

test('Ctrl-C ends a call quietly and leaves nothing behind', async () => {
  const { ways, waiting } = await startServer()
  const { child, ended } = start([...ways.fifo, '--timeout', '0', 'slow'])
  await until('the call has reached the server', () => waiting() === 1)
  child.kill('SIGINT')
  expect(await ended).toEqual({ code: null, signal: 'SIGINT', stdout: '', stderr: '' })
})

test('help says what a command of the server does, takes and is called elsewhere', async () => {
  const { ways } = await startServer()
  expect(await mi([...ways.udp, 'help', 'demo:count'])).toMatchObject({
    code: 0,
    stdout: 'demo:count: counts its calls\ntakes: (nothing)\nmodule: demo\n',
  })
  const { stdout } = await mi([...ways.udp, 'help', 'get_statistics'])
  expect(stdout).toContain('takes: statistics...\n')
  expect(stdout).toContain('other names: statistics:get')
  expect(await mi([...ways.udp, 'help', 'nosuch'])).toMatchObject({ code: 1, stdout: '' })
  expect((await mi([...ways.udp, 'help', 'cahce_fetch'])).stderr).toContain('Did you mean cache_fetch?')
  const { stdout: elsewhere } = await mi([...ways.udp, 'help', 'dlg_list'])
  expect(elsewhere).toContain('a command of OpenSIPS (this server does not have it)')
})

test('help for a command of OpenSIPS needs no server', async () => {
  expect(await mi(['-u', 'fifo:/nonexistent/fifo', 'help', 'dlg_list'])).toMatchObject({
    code: 0,
    stdout:
      'dlg_list: a command of OpenSIPS (no server answered)\n' +
      'takes: (nothing) | callid= | callid= from_tag= | index= counter=\n' +
      'only by name: name=value\nmodule: dialog\nother names: dialog:list, list\n',
  })
  expect(await mi(['-u', 'fifo:/nonexistent/fifo', 'help', 'nosuch'])).toMatchObject({ code: 2, stdout: '' })
  expect(await mi(['-u', 'fifo:/nonexistent/fifo', 'help', 'cahce_fetch'])).toMatchObject({
    code: 2,
    stderr: "mi: no command 'cahce_fetch' is known\n    Did you mean cache_fetch?\n",
  })
})

test('a URL that is wrong is named', async () => {
  const { stderr } = await mi(['-u', 'http://[::1', 'ps'])
  expect(stderr).toMatch(/^mi: -u: 'http:\/\/\[::1' must be an http: or https: URL/)
})

test('advice is in the words of the command line', () => {
  expect(inWordsOfCli("give the fifo_name of the server's mi_fifo as fifoName")).toMatch(/mi_fifo with -u fifo:PATH$/)
  expect(inWordsOfCli('give its authority as tls.ca, or a replyDir')).toBe(
    'give its authority with --ca FILE, or a --reply-dir',
  )
  const messages = messagesOf()
  expect(messages.length).toBeGreaterThan(90)
  const names = new RegExp(`\\b(${optionNames().join('|')})\\b`)
  for (const message of messages) {
    // Those of options that mi does not have cannot occur.
    if (/^tls\.cert, tls\.key|replyMode must|onProvisional must|server must be a URL|^subscribe\(\): /.test(message))
      continue
    expect(inWordsOfCli(message)).not.toMatch(names)
    expect(inWordsOfCli(message)).not.toMatch(
      /tls\.[a-z]|\bannounce\b|\bas (url|path|host|port)\b|\b(fifo|unix|udp|http)\(\)|the cause/,
    )
  }
})

/** The files of the client's sources, without comments. */
function clientSources(): string[] {
  const directory = new URL('../../client/src/', import.meta.url)
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.map((file) => readFileSync(new URL(file, directory), 'utf8').replace(/^ *(\/?\*|\/\/).*$/gm, ''))
}

/** The sentences in the client's sources, without what is put into them. */
function messagesOf(): string[] {
  return clientSources().flatMap((code) => {
    const joined = code.replace(/['`] \+\n *['`]/g, '').replace(/\$\{[^}]*\}/g, '…')
    const texts = joined.match(/'[^'\n]* [^'\n]*'|`[^`\n]* [^`\n]*`/g)?.map((text) => text.slice(1, -1)) ?? []
    return texts.filter((text) => /[a-z] [a-z]/.test(text) && !/&&|\|\||===/.test(text))
  })
}

/** The options of the client of several words, such as timeoutMs: the others are words of English. */
function optionNames(): string[] {
  const names = clientSources().flatMap((code) => [...code.matchAll(/readonly ([a-z]+[A-Z]\w*)\?:/g)])
  return [...new Set(names.map(([, name = '']) => name))]
}

test('--version and --help ask no server', async () => {
  expect(await mi(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mi \d+\.\d+\.\d+\n$/) })
  const { code, stdout } = await mi(['--help'])
  expect(code).toBe(0)
  expect(stdout).toContain('mi COMMAND')
  expect(await mi(['help'])).toMatchObject({ code: 0, stdout })
  const { stdout: own } = await mi(['help', 'events'])
  expect(own).toMatch(/^ {2}mi events \[NAME \.\.\.\] .*\n\nOptions:\n {6}--count COUNT .*\n {6}--listen WHERE .*\n/)
  expect(await mi(['events', '--help'])).toMatchObject({ code: 0, stdout: own })
  expect((await mi(['doctor', '--help'])).stdout).toMatch(/^ {2}mi doctor /)
})

describe('names of statistics, which OpenSIPS lists with their groups and takes without,', () => {
  /** Answers as OpenSIPS 3.6.8 and 4.0.1 do. */
  function opensips() {
    const statistics = new Map([
      ['core:timestamp', 561],
      ['tm:inuse', 3],
    ])
    return startOldServer({
      list_statistics: () => Object.fromEntries([...statistics].map(([name]) => [name, 'non-incremental'])),
      get_statistics: (params) => {
        const wanted = Object.values(params ?? {}).flat()
        const found = [...statistics].filter(([name]) => {
          const [group, bare] = name.split(':')
          return wanted.includes(`${group}:`) || wanted.includes(bare)
        })
        return Object.fromEntries(found)
      },
    })
  }

  test('are explained where nothing is found', async () => {
    const { way } = await opensips()
    const asked = (name: string) => mi([...way, '-o', 'json', 'get_statistics', name])
    expect(await asked('core:timestamp')).toMatchObject({
      code: 0,
      stdout: '{}\n',
      stderr: 'mi: OpenSIPS takes timestamp, or all of the group: core:\n',
    })
    expect(await asked('tm')).toMatchObject({
      stderr: 'mi: No statistic is named tm. For a whole group, add a colon: tm:\n',
    })
    expect(await asked('timestamp')).toMatchObject({ stdout: '{"core:timestamp":561}\n', stderr: '' })
    const watched = await mi([...way, 'watch', '--count', '1', 'get_statistics', 'core:timestamp'])
    expect(watched.stdout).toContain('  OpenSIPS takes timestamp, or all of the group: core:\n')
  })

  test('become what it takes at Tab', async () => {
    const { way } = await opensips()
    const screen = openScreen(way)
    await screen.shows('mi> ')
    screen.type('get_statistics core:timest')
    await screen.shows('get_statistics core:timest')
    screen.type(key.tab)
    await screen.shows('get_statistics timestamp ')
    screen.type(key.enter)
    await screen.shows('"core:timestamp": 561')
    screen.type(key.end)
    expect(await screen.ended).toBe(0)
  })
})

test('a call that takes long says so on a terminal, and takes that away before the result', async () => {
  let answer: (result: unknown) => void = () => undefined
  const slow = new Promise((resolve) => {
    answer = resolve
  })
  const { way } = await startOldServer({ slow: () => slow })
  const screen = openScreen([...way, 'slow', '--timeout', '10m', '-o', 'json'], { NO_COLOR: '1' })
  await until('it says so', () => /waiting for the reply, \d+ s; Ctrl-C gives it up/.test(screen.raw()), screen.raw)
  answer('done')
  await screen.shows('"done"\n')
  expect(await screen.ended).toBe(0)
  expect(screen.raw()).toMatch(/gives it up\r\p{Cc}\[K"done"/u)
})
