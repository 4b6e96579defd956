import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { LIMIT_NAMES, OPTION_NAMES, PEER_LIMIT_NAMES, SERVER_NAMES } from '../src/options.js'

const run = promisify(execFile)
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')
const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? []

test('the example of the README is the one that is compiled with the tests', () => {
  expect(example).toBe(read('readme-example.ts'))
})

test('the example of the README runs as it stands and prints what the README says', async () => {
  const [, output] = /```text\n(.*?)```/s.exec(readme) ?? []
  // From this package's folder, as from a folder where it is installed.
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', example], { cwd, timeout: 30_000 })
  expect(stdout).toBe(output)
})

test('the README lists every option, command and statistic', () => {
  const { perPeer: _group, ...limits } = LIMIT_NAMES
  const perPeer = Object.keys(PEER_LIMIT_NAMES).map((name) => `perPeer.${name}`)
  const options = [...Object.keys({ ...OPTION_NAMES, ...limits, ...SERVER_NAMES }), ...perPeer]
  const mi = createMi()
  const which = String(mi.dispatch('{"jsonrpc":"2.0","method":"which","id":1}'))
  const commands = [...which.matchAll(/"(\w+:\w+)"/g)].map(([, name]) => name)
  const statistics = Object.keys(mi.statistics('mi:')).map((name) => name.replace('mi:', ''))
  expect(commands.length).toBeGreaterThan(10)
  expect(statistics.length).toBeGreaterThan(10)
  expect([...options, ...commands, ...statistics].filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
