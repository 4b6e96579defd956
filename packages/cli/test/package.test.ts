import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { OPTION_SPECS } from '../src/arguments/options.js'
import { SUBCOMMANDS } from '../src/arguments/parse.js'
import { splitWords } from '../src/arguments/shell-words.js'
import { mi, program } from './support/mi.js'
import { startServer } from './support/server.js'

const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')

test('the package is the command mi and no library', () => {
  const manifest: unknown = JSON.parse(read('../package.json'))
  expect(manifest).toMatchObject({ bin: { mi: './dist/main.js' } })
  for (const entry of ['main', 'exports', 'types']) expect(manifest).not.toHaveProperty(entry)
  expect(read('../dist/main.js')).toMatch(/^#!\/usr\/bin\/env node\n/)
})

test('starting loads no dependency but the contract: each of the others when it is needed', () => {
  const built = readFileSync(program, 'utf8')
  const loaded = [...built.matchAll(/^import .* from "([^"]+)"/gm)].map(([, name]) => name)
  expect(loaded.filter((name) => name?.startsWith('@') || name === 'yaml')).toContain('@mi/contract')
  for (const late of ['@mi/client', '@mi/opensips', '@mi/trace-hep', 'yaml']) {
    expect(loaded).not.toContain(late)
    expect(built).toContain(`import("${late}")`)
  }
  // One file of its own: each further one takes a millisecond or two.
  expect(built).not.toContain('from "./')
  expect(statSync(program).size).toBeLessThan(150_000)
})

test('the README has every option and subcommand', () => {
  const readme = read('../README.md')
  for (const { long, short } of OPTION_SPECS) {
    expect(readme).toContain(`\`--${long}`)
    if (short !== undefined) expect(readme).toContain(`\`-${short}\``)
  }
  for (const name of SUBCOMMANDS) expect(readme).toContain(`mi ${name}`)
})

test('the README shows what mi prints', async () => {
  const { udpPort } = await startServer()
  const [, session = ''] = /```console\n(.*?)```/s.exec(read('../README.md')) ?? []
  const steps = session.split(/^\$ mi /m).slice(1)
  expect(steps.length).toBeGreaterThan(4)
  for (const step of steps) {
    const [line = '', ...shown] = step.split('\n')
    const { stdout, stderr } = await mi(splitWords(line), { env: { MI_URL: `udp:127.0.0.1:${udpPort}` } })
    expect(`${line}\n${stdout}${stderr}`).toBe(`${line}\n${shown.join('\n')}`)
  }
})
