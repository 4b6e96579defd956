import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseArguments } from '../src/arguments/parse.js'
import { UsageError } from '../src/failure.js'
import { mi } from './support/mi.js'
import { startServer } from './support/server.js'

const parse = (...args: string[]) => parseArguments(args)

/** The command and its parameters, as a line of opensips-cli means them. */
function meant(...args: string[]): { command: string; words: string[] } {
  const action = parse(...args)
  if (action.type !== 'call') throw new Error(`a ${action.type}, not a call`)
  return { command: action.target.command, words: action.target.words.map(({ text }) => text) }
}

/** What a refusal advises. */
function advice(...args: string[]): readonly string[] {
  try {
    parse(...args)
  } catch (error) {
    if (error instanceof UsageError) return error.advice
    throw error
  }
  throw new Error('not refused')
}

test('mi and fifo alone say what they need', () => {
  expect(() => parse('mi')).toThrow("'mi' needs a command of the server")
  expect(() => parse('fifo')).toThrow("'fifo' needs a command of the server")
})

test('where an option is wrong that fits, no advice takes it for a parameter', () => {
  expect(advice('events', 'E_X', '--count', 'x')).toEqual([])
  expect(advice('events', 'E_X', '--interval', '3')).toEqual([])
  expect(advice('watch', 'pwd', '--count', '0')).toEqual([])
  expect(advice('ps', '--timeout', 'x')).toEqual([])
  expect(advice('doctor', '--count', '3')).toEqual([])
  expect(advice('watch', 'log', '--listen', 'x')).toEqual([
    'If it is a parameter, put -- before it: mi watch log -- --listen',
  ])
  expect(advice('bench', 'log', '--nosuch')).toEqual([
    'If it is a parameter, put -- before it: mi bench log -- --nosuch',
  ])
  expect(() => parse('-d', '-x', 'mi', 'ps')).toThrow(
    '-d is the duration of bench, such as -d 5s; mi has no debug output',
  )
})

describe('a line for opensips-cli or opensipsctl', () => {
  test.each([
    ['mi', 'ps'],
    ['fifo', 'ps'],
    ['-x', 'mi', 'ps'],
    ['--execute', 'mi', 'ps'],
    ['-x', '--', 'mi', '-j', 'ps'],
    ['-o', 'output_type=lines', '-x', 'mi', 'ps'],
  ])('calls the command: %s %s', (...args) => {
    expect(meant(...args)).toEqual({ command: 'ps', words: [] })
  })

  test('calls the command of the server, not the one of mi', () => {
    expect(meant('mi', 'help', 'ps')).toEqual({ command: 'help', words: ['ps'] })
    expect(meant('call', 'mi', 'ps')).toEqual({ command: 'mi', words: ['ps'] })
    expect(meant('--', 'mi', 'ps')).toEqual({ command: 'mi', words: ['ps'] })
  })

  test('without a command says what is missing', () => {
    expect(() => parse('mi')).toThrow("'mi' needs a command of the server, such as: mi ps")
    expect(() => parse('-x')).toThrow('-x needs a command')
  })

  test('may have the version option of opensips-cli', () => {
    expect(parse('-v')).toEqual({ type: 'version' })
  })
})

describe('-o', () => {
  test('takes the names of opensips-cli too', () => {
    expect(parse('-o', 'pretty-print', 'ps')).toMatchObject({ options: { output: 'pretty' } })
    expect(parse('-o', 'output_type=dictionary', 'ps')).toMatchObject({ options: { output: 'json' } })
    expect(parse('-o', 'output_type=none', 'ps')).toMatchObject({ options: { output: 'none' } })
    expect(parse('-o=yaml', 'ps')).toMatchObject({ options: { output: 'yaml' } })
  })

  test('sets values of the configuration file, several of them', () => {
    const args = ['-o', 'communication_type=http', '-o', 'url=http://h/mi?a=b', 'ps']
    expect(parse(...args)).toMatchObject({
      options: { settings: { communication_type: 'http', url: 'http://h/mi?a=b' } },
    })
  })

  test('names the setting that was probably meant', () => {
    expect(() => parse('-o', 'fifo_fle=/x', 'ps')).toThrow("-o has no setting 'fifo_fle'; did you mean fifo_file?")
    expect(() => parse('-o', 'prompt_name=x', 'ps')).toThrow('there are communication_type, fifo_file,')
    expect(() => parse('-o', 'url=', 'ps')).toThrow('-o url= needs a value')
  })
})

describe('-j', () => {
  test('before a word that is not JSON takes the words as JSON', () => {
    expect(parse('-j', 'raise_event', 'E_X', '["a"]')).toMatchObject({
      target: { command: 'raise_event', isJsonWords: true },
    })
    expect(parse('log_level', '-j', '4')).toMatchObject({ target: { words: [{ text: '4' }], isJsonWords: true } })
    expect(parse('ps', '-j')).toMatchObject({ target: { words: [], isJsonWords: true } })
  })

  test('takes the parameters, or the file that has them', () => {
    expect(parse('log_level', '-j', ' [4]')).toMatchObject({ target: { params: [4] } })
    expect(parse('log_level', '-j[4, 5]')).toMatchObject({ target: { params: [4, 5] } })
    expect(parse('log_level', '-j', '-')).toMatchObject({ target: { paramsFile: '-' } })
    expect(parse('-j', '@/x y', 'log_level')).toMatchObject({ target: { paramsFile: '/x y' } })
  })

  test('with parameters before the words says how both can be meant', () => {
    expect(advice('raise_event', 'E_X', '-j', '["a"]')).toEqual([expect.stringContaining('mi -j raise_event ...')])
  })
})

describe('a parameter that begins with a dash', () => {
  test('is not an option where it has blanks', () => {
    const host = '-d proxy -p 49 -h proxy1 -w 0.25'
    expect(meant('cr_add_host', host)).toEqual({ command: 'cr_add_host', words: [host] })
    expect(meant('log', '- x', '-- x', '-V x')).toEqual({ command: 'log', words: ['- x', '-- x', '-V x'] })
  })

  test.each([
    ['log', '-V'],
    ['log', 'x', '-h'],
    ['log', '-y'],
    ['log', '-n', '5'],
    ['mi', 'log', '-x'],
  ])('says how it can be sent: %s %s', (...args) => {
    const option = args.find((arg) => arg.startsWith('-'))
    expect(advice(...args)).toContain(`If it is a parameter, put -- before it: mi log -- ${option}`)
  })

  test('is no parameter as --help alone', () => {
    expect(parse('log', '--help')).toMatchObject({ type: 'help', command: 'log' })
    expect(parse('watch', 'ps', '-h')).toMatchObject({ type: 'help', command: 'watch' })
    expect(parse('trace', '-h')).toMatchObject({ type: 'help', command: undefined })
  })
})

test('-j reads the parameters from a file, or from stdin', async () => {
  const { ways, dir } = await startServer()
  const file = join(dir, 'params.json')
  writeFileSync(file, '{"first": "a", "rest": ["ü"]}\n')
  const echo = [...ways.udp, '-ojson', 'echo', '-j']
  const fromFile = await mi([...echo, `@${file}`])
  expect(fromFile).toMatchObject({ code: 0, stdout: '{"first":"a","rest":["ü"]}\n' })
  expect(await mi([...echo, '-'], { input: '["b"]' })).toMatchObject({ code: 0, stdout: '{"first":"b"}\n' })
  const broken = await mi([...echo, '-'], { input: '["b"' })
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('-j - needs a JSON object or array') })
  expect((await mi([...echo, '@/nonexistent'])).stderr).toContain('cannot read -j @/nonexistent: ')
  const script = await mi(ways.udp, { input: 'echo -j -\n' })
  expect(script).toMatchObject({ code: 2, stderr: expect.stringContaining('line 1: -j - does not work here') })
})

test('words as JSON are sent as such', async () => {
  const { ways } = await startServer()
  const { stdout } = await mi([...ways.udp, '-ojson', '-j', 'echo', 'a', '["b", "c"]'])
  expect(stdout).toBe('{"first":"a","rest":["b","c"]}\n')
})

test('settings of -o name the server, and nothing is printed with none', async () => {
  const { ways, udpPort } = await startServer()
  const settings = ['-o', 'communication_type=datagram', '-o', `datagram_port=${udpPort}`, '-x', 'mi', 'count']
  expect(await mi([...settings, '-ojson'])).toMatchObject({ code: 0, stdout: '{"same":"x","calls":1}\n' })
  expect(await mi([...ways.udp, 'count', '-o', 'none'])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
  expect(await mi([...ways.udp, 'refuse', '-o', 'none'])).toMatchObject({ code: 1, stderr: /No such dialog/ })
})

test('a path alone is a FIFO or a socket, as its file shows', async () => {
  const { dir, fifoPath, replyDir } = await startServer()
  for (const path of [fifoPath, join(dir, 'socket')]) {
    expect(await mi(['-u', path, '--reply-dir', replyDir, 'count', '-o', 'none'])).toMatchObject({
      code: 0,
      stderr: '',
    })
  }
  expect((await mi(['-u', '/nonexistent', 'ps'])).stderr).toBe(
    "mi: -u: unknown server '/nonexistent'; write fifo:/nonexistent or unix:/nonexistent\n",
  )
  expect((await mi(['-u', 'foo', 'ps'])).stderr).toContain("unknown server 'foo'; write fifo:PATH, unix:PATH,")
  expect((await mi(['-u', '192.0.2.1:8080', 'ps'])).stderr).toContain(
    'write udp:192.0.2.1:8080 or http://192.0.2.1:8080/mi',
  )
  expect((await mi(['-u', 'me:secret@host/mi', 'ps'])).stderr).not.toContain('secret')
})
