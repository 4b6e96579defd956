import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { assert, constantFrom, array as listOf, property } from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { candidates, type Knowledge } from '../src/completion/candidates.js'
import { typedIn } from '../src/completion/complete.js'
import { mi, program } from './support/mi.js'
import { startServer } from './support/server.js'

const knowledge: Knowledge = {
  commands: async () => ['core:log_level', 'core:ps', 'cache:fetch', 'a:list', 'b:list'],
  recipes: async (command) => {
    if (command === 'trace') return [[], ['id'], ['id', 'mode']]
    return command === 'core:log_level' ? [[], ['level'], ['level', 'pid'], ['other']] : []
  },
  statistics: async () => ['core:rcv_requests', 'core:rcv_replies', 'tm:inuse'],
  events: async () => ['E_ONE', 'E_TWO'],
  instances: () => ['default', 'sbc1'],
}

async function found(line: string): Promise<string[]> {
  const { before, word } = typedIn(line)
  return candidates(before, word, knowledge)
}

describe('a word may become', () => {
  test.each([
    ['core:', ['core:log_level', 'core:ps']],
    ['watch -n 2 cache', ['cache:fetch']],
    ['he', ['help']],
    ['help core:l', ['core:log_level']],
    ['log', ['log_level']],
    ['li', []],
    ['core:log_level ', ['level=', 'other=', 'pid=']],
    ['core:log_level level=4 ', ['pid=']],
    ['core:log_level 4 ', []],
    ['-o json core:log_level o', ['other=']],
    ['core:ps -o ', ['json', 'lines', 'none', 'pretty', 'table', 'yaml']],
    ['core:ps --output=y', ['--output=yaml']],
    ['--output=', ['json', 'lines', 'none', 'pretty', 'table', 'yaml'].map((name) => `--output=${name}`)],
    ['core:ps -oj', ['-ojson']],
    ['-o', ['-o']],
    ['--output=x', []],
    ['--url=', []],
    ['core:ps --nosuch=', []],
    ['-u ', ['fifo:', 'http://', 'https://', 'udp:', 'unix:']],
    ['-u ht', ['http://', 'https://']],
    ['-i s', ['sbc1']],
    ['get_statistics ', ['core:', 'inuse', 'rcv_replies', 'rcv_requests', 'statistics=', 'tm:']],
    ['statistics:get core: t', ['tm:']],
    ['get_statistics rcv_req', ['rcv_requests']],
    ['get_statistics statistics=t', ['statistics=tm:']],
    // OpenSIPS lists core:rcv_requests, and takes core: and rcv_requests.
    ['get_statistics core:rcv_req', ['rcv_requests']],
    ['watch get_statistics statistics=tm:in', ['statistics=inuse']],
    ['get_statistics core:', ['core:', 'rcv_replies', 'rcv_requests']],
    ['events E_ONE E_', ['E_ONE', 'E_TWO']],
    ['event_subscribe E_T', ['E_TWO']],
    ['doctor ', []],
    ['core:ps --ti', ['--timeout']],
    ['bench --c', ['--ca', '--concurrency', '--config']],
    ['core:ps --conc', []],
    ['completion ', ['bash', 'fish', 'zsh']],
    [
      'trace --',
      ['--ca', '--config', '--instance', '--json', '--listen', '--output', '--reply-dir', '--timeout', '--url'],
    ],
    ['trace ', ['--listen', 'id=', 'mode=']],
    ['trace id=x ', ['mode=']],
    ['trace --listen udp:127.0.0.1:9060 -o j', ['json']],
    ['nosuch ', []],
  ])('behind %j: %j', async (line, expected) => {
    expect(await found(line)).toEqual(expected)
  })

  test('what its beginning is kept in, whatever the line is', () => {
    const piece = constantFrom('core:', 'log_level', ' ', '-o', '=', "'", '"', '\\', 'level', 'json', '--', 'x')
    assert(
      property(listOf(piece), (pieces) => {
        const line = pieces.join('')
        const { word, start, before } = typedIn(line)
        expect(start).toBeLessThanOrEqual(line.length)
        expect(typedIn(line.slice(0, start))).toMatchObject({ before, word: '' })
        expect(word.length).toBeLessThanOrEqual(line.length - start)
      }),
    )
  })
})

describe('the completion of bash', () => {
  /** What bash offers for a line, by the script that `mi completion bash` prints. */
  async function offered(line: string, settings = ''): Promise<string[]> {
    const dir = mkdtempSync(join(tmpdir(), 'mi-cli-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    writeFileSync(join(dir, 'mi'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 })
    const script = [
      'source <(mi completion bash)',
      settings,
      `COMP_LINE=$1 COMP_POINT=\${#1}`,
      '_mi 2>/dev/null',
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]
    const { stdout } = await promisify(execFile)('bash', ['-c', script.join('\n'), 'bash', line], {
      env: { PATH: `${dir}:${process.env.PATH}`, HOME: dir },
    })
    return stdout.split('\n').filter((text) => text !== '')
  }

  test('asks the server that the line names, and gives bash the part behind its word breaks', async () => {
    const { ways } = await startServer()
    const line = `mi ${ways.udp.join(' ')} demo:`
    expect(await offered(`${line}s`)).toEqual(['slow', 'steps'])
    expect(await offered(`${line}s`, 'COMP_WORDBREAKS=" "')).toEqual(['demo:slow', 'demo:steps'])
    expect(await offered(`mi ${ways.udp.join(' ')} cache:fetch system=local `)).toEqual(['attr='])
    expect(await offered(`${line}count --output=y`)).toEqual(['yaml'])
    expect(await offered(`${line}count --output=y`, 'COMP_WORDBREAKS=" "')).toEqual(['--output=yaml'])
    expect(await offered(`${line}count -oy`)).toEqual(['-oyaml'])
    // Within quotes bash breaks no words.
    expect(await offered(`mi ${ways.udp.join(' ')} "demo:s`)).toEqual(['demo:slow', 'demo:steps'])
    expect(await offered(`${line}'s`)).toEqual(['slow', 'steps'])
  })

  test('knows the commands of OpenSIPS where no server answers', async () => {
    expect(await offered('mi -u fifo:/nonexistent/fifo get_sta')).toEqual(['get_statistics'])
    expect(await offered('mi -u fifo:/nonexistent/fifo cache_fetch ')).toEqual(['attr=', 'system='])
  })

  test('knows the FIFOs, sockets and directories that a URL may lead to, and the instances of the configuration', async () => {
    const { ways, dir } = await startServer()
    expect(await offered(`mi -u fifo:${dir}/`)).toEqual([`${dir}/fifo`, `${dir}/replies/`])
    expect(await offered(`mi ps -u unix:${dir}/s`)).toEqual([`${dir}/socket`])
    expect(await offered('mi -u fifo:/nonexistent/')).toEqual([])
    const file = join(dir, 'cfg')
    writeFileSync(file, '[default]\nfifo_file: /x\n[sbc1]\n[sbc2]\n')
    expect(await offered(`mi -f ${file} -i s`)).toEqual(['sbc1', 'sbc2'])
    // Without a server there are no names of statistics and events.
    expect(await offered('mi -u fifo:/nonexistent/fifo events E')).toEqual([])
    expect(await offered(`mi ${ways.udp.join(' ')} get_statistics core:up`)).toEqual([])
  })

  test('loads without a fault, and hands on what the cursor stands behind', async () => {
    expect(await offered('mi compl')).toEqual(['completion'])
    const { stdout } = await mi(['completion', 'bash'])
    expect(stdout).toContain(`\${COMP_LINE:0:$COMP_POINT}`)
  })
})

test.each(['zsh', 'fish'])('there is a script for %s', async (shell) => {
  const { code, stdout } = await mi(['completion', shell])
  expect(code).toBe(0)
  expect(stdout).toContain('mi __complete')
})
