import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readmeRows } from '../../scripts/installs.mjs'
import { publicPackages, root } from '../../scripts/workspace.mjs'

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

/** The guides, and the files that their code is taken from: all are built and tested, or run by a test. */
const guides: Readonly<Record<string, readonly string[]>> = {
  'docs/write-your-own-mi-module.md': [
    'package.json',
    'README.md',
    'src/contract.ts',
    'src/module.ts',
    'src/connect-time.ts',
    'test/probe.test.ts',
  ].map((file) => `examples/third-party-module/${file}`),
  'docs/write-your-own-transport.md': ['line-server.ts', 'readme-example.test.ts'].map(
    (file) => `packages/compliance/test/${file}`,
  ),
}

/** The guides show pieces of functions without what they are indented by. */
const withoutIndent = (code: string): string => code.replace(/^ +/gm, '')

test.each(Object.entries(guides))('every piece of code in %s stands in a file that is tested', async (guide, files) => {
  const sources = await Promise.all(files.map(async (file) => withoutIndent(await read(file))))
  const blocks = [...(await read(guide)).matchAll(/```(?:ts|js|json)\n(.*?)```/gs)].map(([, code = '']) => code)
  expect(blocks.length).toBeGreaterThan(5)
  const strange = blocks.filter((code) => !sources.some((source) => source.includes(withoutIndent(code))))
  expect(strange).toEqual([])
})

test.each([
  ...Object.keys(guides),
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'examples/third-party-module/README.md',
])('every link of %s to a file of this repository leads to one', async (document) => {
  const links = [...(await read(document)).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target)
  const local = links.filter((target) => !/^\w+:/.test(target))
  expect(local.length).toBeGreaterThan(0)
  expect(local.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([])
})

/** The cells of the rows of all tables in a text. */
const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()))

const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

test('the README lists every package as its package.json describes it', () => {
  const described = publicPackages().map(({ manifest: { name, description } }) => [
    `[${name}](packages/${name.slice('@mi/'.length)})`,
    description,
  ])
  expect(readmeRows('packages').map((cells) => cells.slice(0, 2))).toEqual(described)
})

test('every limit that SECURITY.md names is an option of its package', async () => {
  const bounds = (await read('SECURITY.md')).split('## Limits')[1] ?? ''
  let readme = ''
  const unknown: string[] = []
  for (const [first = '', bound = ''] of rowsOf(bounds)) {
    const [name] = namesIn(first)
    if (name !== undefined) readme = await read(`packages/${name.replace('@mi/', '')}/README.md`)
    unknown.push(...namesIn(bound).filter((option) => !readme.includes(`\`${option}\``)))
  }
  expect(readme).not.toBe('')
  expect(unknown).toEqual([])
})
