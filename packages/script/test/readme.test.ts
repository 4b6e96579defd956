import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { BLOCKING_NAMES, SCRIPT_NAMES } from '../src/options.js'

const run = promisify(execFile)
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')
const [example = '', , engine = '', blocking = ''] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)
// From this package's folder, as from a folder where it is installed.
const cwd = fileURLToPath(new URL('..', import.meta.url))

test('the examples of the README are those that are compiled with the tests', () => {
  expect(example).toBe(read('readme-example.ts'))
  expect(engine).toBe(`// engine.js\n${read('readme-engine.ts')}`)
  expect(blocking).toBe(read('readme-blocking.ts'))
})

test('the example of the README runs as it stands and prints what the README says', async () => {
  const [, output] = /```text\n(.*?)```/s.exec(readme) ?? []
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', example], { cwd, timeout: 50_000 })
  expect(stdout).toBe(output)
})

test('the blocking example of the README runs as it stands', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mi-script-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await symlink(join(cwd, 'node_modules'), join(directory, 'node_modules'))
  await writeFile(join(directory, 'package.json'), '{"type":"module"}')
  await writeFile(join(directory, 'engine.js'), engine)
  // A package finds itself by its own name, a copy of its example does not.
  const dist = new URL('../dist/index.js', import.meta.url).href
  await writeFile(join(directory, 'main.js'), blocking.replace("'@mi/script'", `'${dist}'`))
  const { stdout } = await run(process.execPath, ['main.js'], { cwd: directory, timeout: 50_000 })
  expect(stdout).toMatch(/^1 \{"Now":/)
})

test('the README lists every option and every reason for which something is dropped', () => {
  const reasons = ['answers_later', 'timed_out', 'aborted']
  const names = [...Object.keys(SCRIPT_NAMES), ...Object.keys(BLOCKING_NAMES), ...reasons]
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
