import { assert, constantFrom, dictionary, property, stringMatching, string as text } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../src/failure.js'
import { parseIni, settingsOf } from '../src/target/config-file.js'
import { chooseServer, serverOf } from '../src/target/connection.js'
import { thrownBy } from './support/failure.js'

const plain = (content: string) =>
  Object.fromEntries([...parseIni(content, 'x.cfg')].map(([name, values]) => [name, Object.fromEntries(values)]))

const settings = (content: string, instance?: string) => settingsOf(parseIni(content, 'x.cfg'), instance, 'x.cfg')

describe('a configuration file', () => {
  test('is read as configparser of Python reads it', () => {
    const content = [
      '# comment',
      '[default]',
      'Prompt_Name: opensips-cli',
      '  ; comment',
      'fifo_file =  /run/opensips/fifo # no comment',
      '',
      'database_url = mysql://u:p@h/db?a=b',
      'long: one',
      '   two',
      '',
      '   three',
      'empty =',
      '[ins tance]',
      'url=http://10.0.0.1:8888/mi',
    ]
    const expected = {
      default: {
        prompt_name: 'opensips-cli',
        fifo_file: '/run/opensips/fifo # no comment',
        database_url: 'mysql://u:p@h/db?a=b',
        long: 'one\ntwo\nthree',
        empty: '',
      },
      'ins tance': { url: 'http://10.0.0.1:8888/mi' },
    }
    expect(plain(content.join('\n'))).toEqual(expected)
    expect(plain(`\uFEFF${content.join('\r\n')}`)).toEqual(expected)
  })

  test('may have its [default] in several parts, as for configparser', () => {
    expect(plain('[default]\na=1\n[x]\nb=2\n[default]\nc=3')).toEqual({ default: { a: '1', c: '3' }, x: { b: '2' } })
  })

  test.each([
    ['key = value', "line 1: 'key' comes before the first [section]"],
    ['[a]\nnonsense', 'line 2: expected [section] or key = value'],
    ['[a]\n[b]\n[a]', 'line 3: the section [a] is repeated'],
    ['[a]\nx=1\nX: 2', "line 3: 'x' is repeated in its section"],
    ['[default]\nx=1\n[default]\nx=2', "line 4: 'x' is repeated in its section"],
  ])('with %j is refused by its line', (content, problem) => {
    expect(thrownBy(() => plain(content))).toBe(`UsageError: x.cfg, ${problem}`)
  })

  test('gives back what was written into it', () => {
    const value = text({ unit: 'grapheme' }).map((each) => each.replace(/[\r\n\u0085\u2028\u2029]/g, '').trim())
    const values = dictionary(stringMatching(/^[a-z][a-z0-9_]{0,9}$/), value, { noNullPrototype: true })
    const sections = dictionary(stringMatching(/^[a-zA-Z0-9._-]{1,9}$/), values, { noNullPrototype: true })
    assert(
      property(sections, constantFrom('=', ' = ', ': '), (written, between) => {
        const content = Object.entries(written).map(
          ([name, pairs]) =>
            `[${name}]\n${Object.entries(pairs)
              .map(([key, each]) => `${key}${between}${each}\n`)
              .join('')}`,
        )
        expect(plain(content.join(''))).toEqual(written)
      }),
    )
  })

  test('of any content is understood or refused', () => {
    const piece = text({ unit: constantFrom('[', ']', '=', ':', ' ', '\n', '\t', '#', 'a', '%(a)s', 'ü') })
    assert(
      property(piece, (content) => {
        try {
          settings(content).get('a')
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      }),
    )
  })
})

describe('an instance', () => {
  const content =
    '[default]\nrun=/run\nfifo_file=%(run)s/fifo\npass=100%%\n' +
    '[b]\nrun=/b\nfifo_reply_dir=%(datagram_ip)s\n[c]\nx=%(y)s\ny=%(x)s\nz=%(no)s'

  test('has its own values before those of [default], which may refer to each other', () => {
    expect(settings(content, 'b').get('fifo_file')).toBe('/b/fifo')
    expect(settings(content, 'b').get('pass')).toBe('100%')
    expect(settings(content, 'b').get('nothing')).toBeUndefined()
    expect(settings('').get('fifo_file')).toBeUndefined()
  })

  test('may refer to the values that opensips-cli has by default', () => {
    expect(settings(content, 'b').get('fifo_reply_dir')).toBe('127.0.0.1')
  })

  test('called default has its values as they are written, as for opensips-cli', () => {
    expect(settings(content).get('fifo_file')).toBe('%(run)s/fifo')
    expect(settings(content, 'default').get('pass')).toBe('100%%')
    expect(settings('[default]\nurl=http://u:p%40s@h/mi').get('url')).toBe('http://u:p%40s@h/mi')
  })

  test('that is not there is refused, since another server might be asked', () => {
    expect(thrownBy(() => settings(content, 'B'))).toContain("has no instance 'B'; it has default, b, c")
  })

  test('whose values refer to nothing or to each other in a circle is refused', () => {
    expect(thrownBy(() => settings(content, 'c').get('x'))).toContain('in a circle')
    expect(thrownBy(() => settings(content, 'c').get('z'))).toContain("refers to 'no', which is not set")
  })
})

describe('the server', () => {
  test.each([
    ['', { url: 'fifo:' }],
    [
      'fifo_file=/run/x\nfifo_file_fallback=/tmp/x\nfifo_reply_dir=/run/r',
      { url: 'fifo:/run/x', fallback: '/tmp/x', replyDir: '/run/r' },
    ],
    ['communication_type=http', { url: 'http://127.0.0.1:8888/mi' }],
    ['communication_type=http\nurl=https://u:p@h/mi', { url: 'https://u:p@h/mi' }],
    ['communication_type=datagram\ndatagram_ip=192.0.2.1\ndatagram_port=8080', { url: 'udp:192.0.2.1:8080' }],
    ['communication_type=datagram\ndatagram_ip=::1\ndatagram_port=8080', { url: 'udp:[::1]:8080' }],
    ['communication_type=datagram', { url: 'udp:127.0.0.1:8080' }],
    // As for opensips-cli, the socket comes first.
    ['communication_type=datagram\ndatagram_unix_socket=/run/mi\ndatagram_port=8080', { url: 'unix:/run/mi' }],
    [
      'communication_type=datagram\ndatagram_timeout=0.5\ndatagram_buffer_size=9',
      { url: 'udp:127.0.0.1:8080', timeoutMs: 500 },
    ],
    ['datagram_timeout=0.5\noutput_type=lines', { url: 'fifo:', output: 'lines' }],
    ['output_type=pretty-print', { url: 'fifo:', output: 'pretty' }],
  ])('is that of the settings %j', (content, expected) => {
    expect(serverOf(settings(`[default]\n${content}`))).toEqual({
      fallback: undefined,
      replyDir: undefined,
      origin: 'x.cfg [default]',
      ...expected,
    })
  })

  test('is refused where the settings are wrong', () => {
    const port = '[default]\ncommunication_type=datagram\ndatagram_port=mi'
    expect(thrownBy(() => serverOf(settings(port)))).toContain('datagram_port must be a number')
    expect(thrownBy(() => serverOf(settings('[default]\ncommunication_type=xmlrpc')))).toContain("not 'xmlrpc'")
    const timeout = '[default]\ncommunication_type=datagram\ndatagram_timeout=0'
    expect(thrownBy(() => serverOf(settings(timeout)))).toContain('datagram_timeout must be from 0.001')
    expect(thrownBy(() => serverOf(settings('[default]\noutput_type=csv')))).toContain('output_type must be pretty,')
  })

  test('is that of -u, else of the instance asked for, else of MI_URL, else of the file, else the default', () => {
    const file = () => settings('[default]\nfifo_file=/file\n[b]\nfifo_file=/b', 'b')
    const unread = () => {
      throw new Error('the file was read')
    }
    expect(chooseServer({ url: 'udp:a:1' }, 'udp:b:2', unread)).toMatchObject({ url: 'udp:a:1', origin: '-u' })
    expect(chooseServer({ instance: 'b' }, 'udp:b:2', file)).toMatchObject({ url: 'fifo:/b', origin: 'x.cfg [b]' })
    expect(chooseServer({}, 'udp:b:2', unread)).toMatchObject({ url: 'udp:b:2', origin: 'MI_URL' })
    expect(chooseServer({}, '', file)).toMatchObject({ url: 'fifo:/b' })
    expect(chooseServer({ replyDir: '/r' }, undefined, () => undefined)).toMatchObject({ url: 'fifo:', replyDir: '/r' })
    expect(() => chooseServer({ url: 'udp:a:1', instance: 'b' }, undefined, file)).toThrow(UsageError)
  })

  test('is changed by settings of the command line, which come before MI_URL and the file', () => {
    const file = () => settings('[default]\nfifo_file=/file\ndatagram_port=1')
    const datagram = { communication_type: 'datagram' }
    expect(chooseServer({ settings: datagram }, 'udp:b:2', file)).toMatchObject({
      url: 'udp:127.0.0.1:1',
      origin: '-o and x.cfg [default]',
    })
    expect(chooseServer({ settings: { fifo_file: '/a%%' } }, '', () => undefined)).toMatchObject({ url: 'fifo:/a%%' })
    expect(() => chooseServer({ url: 'udp:a:1', settings: datagram }, undefined, file)).toThrow(UsageError)
  })
})
