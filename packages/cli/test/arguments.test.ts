import { assert, constantFrom, array as listOf, property, string as text } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OPTION_SPECS, parseDuration } from '../src/arguments/options.js'
import { parseArguments, SUBCOMMANDS } from '../src/arguments/parse.js'
import { lineWords, quoteWord, splitWords } from '../src/arguments/shell-words.js'
import { nearestNames } from '../src/commands/call-failure.js'
import { helpText } from '../src/commands/help.js'
import { UsageError } from '../src/failure.js'
import { thrownBy } from './support/failure.js'

const parse = (...args: string[]) => parseArguments(args)
const word = (value: string, isLiteral = false) => ({ text: value, isLiteral })

describe('the arguments', () => {
  test('of a call may stand among its options, which may be written in any usual way', () => {
    const ways = [
      ['-o', 'json', 'ps', '--timeout', '2'],
      ['ps', '-ojson', '--timeout=2s'],
      ['--output=json', '--timeout', '2000ms', 'ps'],
    ]
    for (const args of ways) {
      expect(parse(...args)).toEqual({
        type: 'call',
        target: { command: 'ps', words: [], params: undefined },
        options: { output: 'json', timeoutMs: 2000 },
      })
    }
  })

  test('that are negative numbers are values, and so is everything behind --', () => {
    expect(parse('log_level', '-3')).toMatchObject({ target: { words: [word('-3')] } })
    expect(parse('cmd', 'a=b', '--', '-x', 'c=d')).toMatchObject({
      target: { words: [word('a=b'), word('-x', true), word('c=d', true)] },
    })
  })

  test('without a word start a shell', () => {
    expect(parse('-u', 'udp:127.0.0.1:8080')).toEqual({ type: 'shell', options: { url: 'udp:127.0.0.1:8080' } })
  })

  test('trace is a command of OpenSIPS unless it is to listen', () => {
    expect(parse('trace', 'id=x')).toMatchObject({ type: 'call', target: { command: 'trace', words: [word('id=x')] } })
    expect(parse('trace', '--listen', 'udp:127.0.0.1:9060')).toMatchObject({
      type: 'trace',
      options: { listen: ['udp:127.0.0.1:9060'] },
    })
  })

  test('call takes a command that has the name of a subcommand', () => {
    for (const name of SUBCOMMANDS) {
      expect(parse('call', name, 'x')).toMatchObject({ type: 'call', target: { command: name, words: [word('x')] } })
    }
    expect(parse('--', 'watch')).toMatchObject({ type: 'call', target: { command: 'watch' } })
  })

  test('of watch and bench have options of their own, which others refuse', () => {
    expect(parse('watch', '-n', '.5', 'ps')).toMatchObject({ type: 'watch', options: { intervalMs: 500 } })
    expect(parse('bench', 'ps', '-c8', '-d', '5')).toMatchObject({
      type: 'bench',
      options: { concurrency: 8, durationMs: 5000 },
    })
    expect(thrownBy(() => parse('ps', '-n', '2'))).toBe('UsageError: -n works only with mi watch')
    expect(thrownBy(() => parse('watch', 'ps', '-c', '2'))).toBe('UsageError: -c works only with mi bench')
  })

  test.each([
    [['--nosuch', 'ps'], 'unknown option --nosuch'],
    [['--ouptut=json', 'ps'], 'unknown option --ouptut; did you mean --output?'],
    [['ps', '-y'], 'unknown option -y'],
    [['ps', '-V'], '-V is an option of mi, not of ps'],
    [['ps', 'x', '--help'], '--help is an option of mi, not of ps'],
    [['ps', '-o'], '-o needs a value: -o FORMAT'],
    [['ps', '-o', 'xml'], "-o must be pretty, json, lines, yaml, table or none, not 'xml'"],
    [['ps', '-j', '{'], '-j needs a JSON object or array such as \'{"level": 4}\''],
    [['ps', '-j', '{}', 'x'], 'ps: give the parameters either as arguments or with -j, not both'],
    [['-j', '{}'], '-j needs a command'],
    [['ps', '--timeout', 'soon'], "--timeout must be a time such as 2, 2s, 500ms or 1m, not 'soon'"],
    [['watch'], 'mi watch needs a command of the server'],
    [['watch', '-n', '0', 'ps'], '-n must be from 0.1 to 2147483 seconds, not 0'],
    [['bench', 'ps', '-c', '0'], "-c must be a whole number from 1 to 1024, not '0'"],
    [['help', 'a', 'b'], "unexpected 'b'"],
    [['completion', 'bash', 'x'], "unexpected 'x'"],
    [['trace', '--listen', 'udp:0.0.0.0', 'x'], "unexpected 'x'"],
  ])('%j are refused with what is wrong', (args, problem) => {
    expect(() => parseArguments(args)).toThrow(UsageError)
    expect(thrownBy(() => parseArguments(args))).toContain(problem)
  })

  test('whatever they are, they are understood or refused', () => {
    const piece = constantFrom(
      '-',
      '--',
      '-o',
      'json',
      '--timeout',
      '-5',
      'watch',
      'trace',
      '--listen',
      '-h',
      '=',
      'a=b',
    )
    assert(
      property(
        listOf(
          text().chain((some) => constantFrom(some)),
          { maxLength: 4 },
        ),
        listOf(piece),
        (some, pieces) => {
          try {
            parseArguments([...pieces, ...some])
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError)
          }
        },
      ),
    )
  })

  test('the help names every option and every subcommand', () => {
    const help = helpText()
    for (const { long } of OPTION_SPECS) expect(help).toContain(`--${long}`)
    for (const name of SUBCOMMANDS) expect(help).toContain(`mi ${name}`)
  })
})

test('a time is in seconds unless it says otherwise', () => {
  const times = ['2', '0', '.5', '1.5s', '250ms', '2m'].map((time) => parseDuration('-n', time))
  expect(times).toEqual([2000, 0, 500, 1500, 250, 120_000])
  for (const time of ['', '-1', '1h', 'ms', '1 s', '1e3', '99999999']) {
    expect(() => parseDuration('-n', time)).toThrow(UsageError)
  }
})

describe('the words of a line', () => {
  test('are separated and quoted as in a shell', () => {
    expect(splitWords(`  a  'b c'd "e \\"f\\" \\n" g\\ h '' `)).toEqual(['a', 'b cd', 'e "f" \\n', 'g h', ''])
    expect(thrownBy(() => splitWords("a 'b"))).toContain("a closing ' is missing")
  })

  test('that are being typed have a place and may be open', () => {
    expect(lineWords(`ps "core: t`)).toEqual([
      { text: 'ps', start: 0, openQuote: undefined },
      { text: 'core: t', start: 3, openQuote: '"' },
    ])
  })

  test('come back as they were when they are quoted', () => {
    const any = text({ unit: 'binary' })
    assert(
      property(listOf(any), (words) => {
        expect(splitWords(words.map(quoteWord).join(' '))).toEqual(words)
      }),
    )
  })
})

test('the names nearest to a mistyped one are compared with and without their module', () => {
  const names = ['core:log_level', 'core:uptime', 'dialog:list', 'statistics:list', 'ps', 'watch']
  expect(nearestNames('log_levle', names)).toEqual(['core:log_level'])
  expect(nearestNames('dialog:lst', names)).toEqual(['dialog:list'])
  expect(nearestNames('lst', names)).toEqual(['dialog:list', 'statistics:list'])
  expect(nearestNames('wacth', names)).toEqual(['watch'])
  expect(nearestNames('cache_fetch', names)).toEqual([])
})
