import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type QuickstartProcess, startQuickstart } from './quickstart-process.js'

const run = promisify(execFile)

const serving = 'Serving until Ctrl-C.'

/** The printed line that holds a text, as a person would copy it. */
function printedLine({ output }: QuickstartProcess, text: string): string {
  const line = output()
    .split('\n')
    .find((candidate) => candidate.includes(text))
  if (line === undefined) throw new Error(`no line with '${text}' in:\n${output()}`)
  return line.trim()
}

/** A terminal's shell, in a directory that has nothing to do with the example. */
function shell(line: string): Promise<{ stdout: string }> {
  const ended = run('sh', ['-c', line], { cwd: '/', timeout: 30_000 })
  // Nobody types anything.
  ended.child.stdin?.end()
  return ended
}

describe('the quickstart', () => {
  test('exits with 0 after the round trip with --once, and leaves nothing', async () => {
    const quickstart = await startQuickstart('--once')
    expect(await quickstart.ended).toBe(0)
    expect(quickstart.errors()).toBe('')
    expect(quickstart.output()).toContain('"method":"cache:store"')
    expect(quickstart.output()).toContain('{"key":"greeting","value":"hello"}')
    expect(quickstart.output()).toContain('Value not found')
    expect(await readdir(quickstart.temporary)).toEqual([])
  })

  test('shows a synchronous and an asynchronous call of a script, and what they leave', async () => {
    const quickstart = await startQuickstart('--once')
    expect(await quickstart.ended).toBe(0)
    const left = `<- 1, ret: {"key":"greeting","value":"hello"}`
    expect(quickstart.output()).toContain(`-> script.mi('cache_fetch', ret, params)\n${left}\n`)
    expect(quickstart.output()).toContain(`-> await script.async.mi('cache_fetch local greeting', ret)\n${left}\n`)
  })

  test('prints the traces of its calls, with the time they took', async () => {
    const quickstart = await startQuickstart('--once')
    expect(await quickstart.ended).toBe(0)
    const traces = quickstart
      .output()
      .split('\n')
      .filter((line) => line.startsWith('.. HEP: '))
    expect(traces).toHaveLength(7)
    expect(traces[0]).toMatch(/^.. HEP: cache:store over fifo, \d+\.\d{3} ms: .*OK/)
    expect(traces[4]).toMatch(/^.. HEP: cache:fetch over datagram, /)
    expect(traces[6]).toMatch(/^.. HEP: cache:fetch over json, /)
  })

  test('keeps its FIFO in a directory that only its user can enter', async () => {
    const quickstart = await startQuickstart()
    await quickstart.printed(serving)
    const fifoName = /FIFO (.*)/.exec(quickstart.output())?.[1] ?? ''
    expect((await stat(fifoName)).isFIFO()).toBe(true)
    expect((await stat(dirname(fifoName))).mode & 0o777).toBe(0o700)
  })

  test.each(['mkfifo', 'curl'])(
    'prints a line of shell with %s that gets the answer, as often as it is run',
    async (program) => {
      const quickstart = await startQuickstart()
      await quickstart.printed(serving)
      const line = printedLine(quickstart, `${program} `)
      for (let times = 0; times < 2; times++) {
        const { stdout } = await shell(line)
        expect(JSON.parse(stdout)).toEqual({ jsonrpc: '2.0', result: { key: 'greeting', value: 'hello' }, id: 1 })
      }
    },
  )

  test('prints commands for mi, each of which works as it is printed', async () => {
    const quickstart = await startQuickstart()
    await quickstart.printed(serving)
    const lines = quickstart
      .output()
      .split('\n')
      .filter((line) => line.startsWith('  node '))
    const outputs: string[] = []
    for (const line of lines) outputs.push((await shell(line.trim())).stdout)
    const [fetched = '', stored = '', checked = '', watched = '', shellOutput = ''] = outputs
    expect(outputs).toHaveLength(5)
    expect(JSON.parse(fetched)).toEqual({ key: 'greeting', value: 'hello' })
    expect(JSON.parse(stored)).toBe('OK')
    expect(checked).toContain('All is well.')
    expect(watched.split('get_statistics cache:').length - 1).toBe(3)
    expect(watched).toContain('cache:entries: 2')
    // Without a terminal it reads commands from its input, which is empty here.
    expect(shellOutput).toBe('')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 and leaves nothing after %s, also twice', async (signal) => {
    const quickstart = await startQuickstart()
    await quickstart.printed(serving)
    expect(await readdir(quickstart.temporary)).toHaveLength(1)
    quickstart.child.kill(signal)
    quickstart.child.kill(signal)
    expect(await quickstart.ended).toBe(0)
    expect(await readdir(quickstart.temporary)).toEqual([])
  })

  test('ends when nobody reads its output any more', async () => {
    const quickstart = await startQuickstart()
    quickstart.child.stdout.destroy()
    expect(await quickstart.ended).toBe(0)
    expect(await readdir(quickstart.temporary)).toEqual([])
  })

  test('says how it is used with --help', async () => {
    const quickstart = await startQuickstart('--help')
    expect(await quickstart.ended).toBe(0)
    expect(quickstart.output()).toContain('--once')
    expect(await readdir(quickstart.temporary)).toEqual([])
  })

  test('refuses what it does not know, naming it', async () => {
    const quickstart = await startQuickstart('--twice')
    expect(await quickstart.ended).toBe(2)
    expect(quickstart.errors()).toContain("'--twice'")
    expect(quickstart.errors()).toContain('usage: npm start')
  })
})
