import { assert, constantFrom, jsonValue, array as listOf, property, string as text } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { OUTPUT_FORMATS } from '../src/arguments/options.js'
import { linesOf, lineText, markChanges, snapshotOf } from '../src/output/lines.js'
import { screen } from '../src/output/live-screen.js'
import { render } from '../src/output/render.js'
import { printable, width } from '../src/printable.js'
import { styleFor } from '../src/terminal.js'

const plain = styleFor(false)
const coloured = styleFor(true)
const escapes = /\p{Cc}\[[\d;]*m/gu

/** What turns the order of a text, breaks its lines or is not seen. */
const turning = [
  ...'\u061c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\u{e0041}',
]
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

const ps = {
  Processes: [
    { ID: 0, PID: 812, Type: 'attendant' },
    { ID: 1, PID: 9813, Type: 'MI FIFO', Load: null },
  ],
}

const PRINTING = OUTPUT_FORMATS.filter((format) => format !== 'none')

describe('a result', () => {
  test('is printed pretty as opensips-cli does, and in colours without another letter', async () => {
    expect(await render(ps, 'pretty', plain)).toBe(JSON.stringify(ps, null, 4))
    const marked = await render(ps, 'pretty', coloured)
    expect(marked).toContain('\u001b[36m"PID"\u001b[39m: \u001b[33m812\u001b[39m')
    await assertAll(async (value) => {
      const expected = await render(value, 'pretty', plain)
      expect((await render(value, 'pretty', coloured)).replace(escapes, '')).toBe(expected)
      expect(JSON.parse(expected)).toEqual(value)
    })
  })

  test('is printed however long a text in it is', async () => {
    const value = { long: 'x'.repeat(20_000_000), quoted: '"\\'.repeat(5_000_000), end: true }
    expect((await render(value, 'pretty', plain)) === JSON.stringify(value, null, 4)).toBe(true)
  })

  test.each(PRINTING)('that is nested too deeply to be printed as %s is told so', async (format) => {
    const value: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000))
    await expect(render([{ value }], format, plain)).rejects.toMatchObject({
      code: 'MI_PROTOCOL',
      message: expect.stringContaining('nested too deeply'),
    })
  })

  test('is one line of JSON', async () => {
    expect(await render({ a: ['x\ny\u007f'] }, 'json', plain)).toBe('{"a":["x\\ny\\u007f"]}')
    await assertAll(async (value) => {
      expect(JSON.parse(await render(value, 'json', plain))).toEqual(value)
    })
  })

  test('is printed in lines as opensips-cli does', async () => {
    const lines = ['Processes:', '    ID: 0', '    PID: 812', '    Type: attendant']
    expect(await render(ps, 'lines', plain)).toBe(
      [...lines, '    ID: 1', '    PID: 9813', '    Type: MI FIFO', '    Load: null'].join('\n'),
    )
    expect(await render(['a', 'b'], 'lines', plain)).toBe('a\nb')
    expect(await render({ 'a\nb': 'c\nd: e\tf' }, 'lines', plain)).toBe('a\\x0ab: c\\x0ad: e\\x09f')
    expect(await render('OK', 'lines', plain)).toBe('OK')
    expect(await render([], 'lines', plain)).toBe('')
  })

  test('is YAML that reads back as it was', async () => {
    expect(await render(ps, 'yaml', plain)).toContain('Processes:\n  - ID: 0\n    PID: 812\n')
    const value = { long: 'word '.repeat(100), text: 'true', multi: 'a\nb' }
    expect(parseYaml(await render(value, 'yaml', plain))).toEqual(value)
    expect(await render({ several: 'a\nb\tc' }, 'yaml', plain)).toBe('several: |-\n  a\n  b\tc')
  })

  test('is a table with a row for each object, numbers to the right', async () => {
    expect(await render(ps, 'table', plain)).toBe(
      ['Processes', 'ID   PID  Type       Load', ' 0   812  attendant', ' 1  9813  MI FIFO    null'].join('\n'),
    )
  })

  test('is a table for each part that has parts', async () => {
    const value = { Domain: 'location', AORs: [{ AOR: 'alice', Contacts: [{ Q: 1 }] }], Empty: [], Names: ['a', 'b'] }
    expect(await render(value, 'table', plain)).toBe(
      [
        'Domain  location',
        '',
        'AORs',
        'AOR    Contacts',
        'alice  [{"Q":1}]',
        '',
        'Empty',
        '(nothing)',
        '',
        'Names',
        'a',
        'b',
      ].join('\n'),
    )
  })

  test('cannot steer the terminal, nor turn the order of what it shows, in any format', async () => {
    const value = [
      { 'k\u001b[2J\u200e': 'v\u001b]0;x\u0007\u009b31m\u007f', turned: `a${turning.join('')}b`, deep: [turning] },
    ]
    for (const format of PRINTING) {
      const shown = await render(value, format, plain)
      expect(shown.replaceAll('\n', '')).not.toMatch(steering)
      expect(shown).toContain('\\u202e')
    }
    assert(
      property(text({ unit: 'binary' }), (any) => {
        expect(printable(any, '')).not.toMatch(steering)
      }),
    )
  })

  test('reads back as it was where such characters are in it', async () => {
    const part = constantFrom(
      ...turning,
      '\u001b',
      '\u009b',
      '\n',
      '\t',
      ' ',
      ':',
      '#',
      '-',
      '"',
      "'",
      '\\',
      'a',
      'ü',
      '😀',
    )
    const words = listOf(part, { maxLength: 8 }).map((parts) => parts.join(''))
    const { asyncProperty, assert: assertAsync } = await import('fast-check')
    await assertAsync(
      asyncProperty(words, words, words, async (name, one, two) => {
        const value = { [name]: one, items: [two, { [two]: one }] }
        for (const format of ['pretty', 'json'] as const) {
          expect(JSON.parse(await render(value, format, plain))).toEqual(value)
        }
        expect(parseYaml(`${await render(value, 'yaml', plain)}\n`)).toEqual(value)
      }),
    )
  })
})

describe('what changed', () => {
  const marked = (before: unknown, now: unknown) => markChanges(linesOf(now), snapshotOf(linesOf(before)))

  test('is marked, numbers with by how much', () => {
    expect(marked({ a: 10, b: 'x', c: '7', d: 1 }, { a: 12, b: 'y', c: '5', d: 1, e: 1 })).toEqual([
      { text: 'a: 12 (+2)', isChanged: true },
      { text: 'b: y', isChanged: true },
      { text: 'c: 5 (-2)', isChanged: true },
      { text: 'd: 1', isChanged: false },
      { text: 'e: 1', isChanged: true },
    ])
  })

  test('is told by place, so that lines that move are not all marked', () => {
    const rows = marked({ x: { a: 1 }, z: { a: 3 } }, { x: { a: 1 }, y: { a: 2 }, z: { a: 3 } })
    expect(rows.filter(({ isChanged }) => isChanged).map((row) => row.text)).toEqual(['y:', '    a: 2'])
  })

  test('is nothing the first time, and nothing between equal answers', () => {
    expect(markChanges(linesOf(ps), undefined).some(({ isChanged }) => isChanged)).toBe(false)
    assert(
      property(jsonValue(), (value) => {
        expect(marked(value, value).every(({ isChanged }) => !isChanged)).toBe(true)
      }),
    )
  })
})

describe('a screen', () => {
  const lines = Array.from({ length: 10 }, (_, index) => ({
    text: `line ${index} ${'x'.repeat(90)}`,
    isChanged: index === 1,
  }))

  test('breaks a heading that is longer than a line, and shows fewer lines then', () => {
    const lines = Array.from({ length: 9 }, (_, index) => ({ text: `${index}`, isChanged: false }))
    const size = { rows: 6, columns: 20 }
    const shown = screen({ heading: 'the server does not answer', lines, size, isColoured: true, style: plain })
    expect(shown).toEqual(['the server does not', 'answer', '0', '1', '... 7 more lines'])
  })

  test('holds what fits, and says what does not', () => {
    const shown = screen({ heading: 'h', lines, size: { rows: 6, columns: 20 }, isColoured: false, style: plain })
    expect(shown).toHaveLength(5)
    expect(shown.every((line) => line.length <= 20)).toBe(true)
    expect(shown[2]).toMatch(/^\* line 1 x+$/)
    expect(shown.at(-1)).toBe('... 7 more lines')
  })

  test('cuts a line where its wide characters end, not in one of them', () => {
    const wide = [{ text: '日本語🎉'.repeat(10), isChanged: false }]
    const shown = screen({
      heading: '語'.repeat(30),
      lines: wide,
      size: { rows: 6, columns: 21 },
      isColoured: true,
      style: plain,
    })
    expect(shown).toEqual(['語'.repeat(10), '日本語🎉日本語🎉日本'])
  })

  test('inverts what changed where there are colours', () => {
    const shown = screen({ heading: 'h', lines, size: undefined, isColoured: true, style: coloured })
    expect(shown).toHaveLength(11)
    expect(shown[2]).toBe(`\u001b[7m${lines[1]?.text}\u001b[27m`)
    expect(shown[1]).toBe(lines[0]?.text)
  })
})

test('lines name every value once', () => {
  assert(
    property(jsonValue(), (value) => {
      const lines = linesOf(value)
      expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length)
      expect(lines.map(lineText).join('')).not.toContain('undefined: ')
    }),
  )
})

async function assertAll(check: (value: unknown) => Promise<void>): Promise<void> {
  const { asyncProperty, assert: assertAsync } = await import('fast-check')
  // A negative zero has no JSON of its own.
  await assertAsync(
    asyncProperty(jsonValue(), async (value) => {
      await check(JSON.parse(JSON.stringify(value)))
    }),
  )
}

describe('the columns of a table', () => {
  test.each([
    ['日本語', 6],
    ['🎉', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['\u0301', 0],
    ['ｶﾅ', 2],
    ['ＡＢ', 4],
    ['한국', 4],
    ['👍🏽', 2],
    ['🇩🇪', 2],
    ['❤\ufe0f', 2],
    ['ü ✓', 3],
  ])('%s has its width', (characters, columns) => {
    expect(width(characters)).toBe(columns)
  })

  test('stay straight beside wide characters', async () => {
    const rows = [
      { name: '日本語🎉', id: 1 },
      { name: 'abc', id: 20 },
    ]
    expect(await render(rows, 'table', plain)).toBe('name      id\n日本語🎉   1\nabc       20')
  })
})
