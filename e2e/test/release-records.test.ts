import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installationsTable, packagesTable, readSizes, withContent } from '../../scripts/installs/readme-tables.mjs'
import { copyRepository } from './release-fixture.js'

test('a new public name fails the check of the recorded API, which tells how to record it', async () => {
  const copy = await copyRepository()
  expect(await copy.task('api')).toMatchObject({ status: 0 })
  expect(await copy.task('api', '--check')).toMatchObject({ status: 0, output: expect.stringContaining('is current') })

  await appendFile(
    join(copy.folder, 'packages/fifo/dist/index.d.ts'),
    '\nexport declare const added: Added;\ntype Added = 7;\n',
  )
  const { status, output } = await copy.task('api', '--check')
  expect(status).toBe(1)
  expect(output).toContain('@mi/fifo: packages/fifo/etc/fifo.api.md')
  expect(output).not.toContain('@mi/core')
  expect(output).toContain('npm run api')

  await copy.task('api')
  const recorded = await readFile(join(copy.folder, 'packages/fifo/etc/fifo.api.md'), 'utf8')
  expect(recorded).toContain('export const added: Added;')
  // What a public type is made of counts, exported or not.
  expect(recorded).toContain('type Added = 7;')
})

const measured = {
  to: 'do this',
  names: ['@mi/a'],
  packages: ['@mi/a', 'b'],
  kilobytes: 1234.5,
}
const manifest = {
  name: '@mi/a',
  version: '1.0.0',
  description: 'what it is',
  dependencies: { b: '1' },
  devDependencies: undefined,
  peerDependencies: { c: '1' },
  optionalDependencies: undefined,
}
const document = 'before\n<!-- sizes:begin -->\nold\n<!-- sizes:end -->\nafter\n'

test('the tables of sizes replace those before, leave the rest alone, and can be read again', () => {
  const installs = installationsTable([measured, { ...measured, global: true, kilobytes: 61.7 }])
  const packages = packagesTable([{ manifest, kilobytes: 7.04 }])
  expect(packages).toContain('| [@mi/a](packages/a) | what it is | 7 kB | `b`; optional: `c` |')
  const written = withContent(document, 'sizes', `${installs}\n\n${packages}`)
  expect(written).toMatch(/^before\n<!-- sizes:begin -->\n\|[\s\S]*\|\n<!-- sizes:end -->\nafter\n$/)
  expect(written).not.toContain('old')
  expect([...readSizes(written)]).toEqual([
    ['npm install @mi/a', 1200],
    ['npm install --global @mi/a', 62],
    ['@mi/a', 7],
  ])
})

test('a document without a place for the sizes is refused with what to write', () => {
  expect(() => withContent('nothing', 'sizes', 'table')).toThrow('<!-- sizes:begin -->')
})
