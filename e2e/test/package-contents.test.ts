import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentFindings } from '../../scripts/check-packages.mjs'
import { testDirectory } from './directory.js'

/** A directory with the given files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await testDirectory()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

const sound = {
  'package.json': '{"dependencies":{"@mi/contract":"^0.1.0"}}',
  'README.md': '',
  LICENSE: '',
  'dist/index.js': '',
  'dist/index.js.map': '{"sources":["../src/index.ts"],"sourcesContent":[""]}',
}

describe('what check:packages says of the files of a tarball', () => {
  test('nothing when all is there', async () => {
    expect(contentFindings(await folderWith(sound), await folderWith({}))).toEqual([])
  })

  test('names what is missing, a changelog only where the package has one', async () => {
    const { 'README.md': _, ...withoutReadme } = sound
    const source = await folderWith({ 'CHANGELOG.md': '' })
    expect(contentFindings(await folderWith(withoutReadme), source)).toEqual([
      'README.md is missing',
      'CHANGELOG.md is missing',
    ])
  })

  test.each(['src/a.test.ts', 'src/a.test-d.ts', 'test/a.ts', 'src/fixtures/a.json', 'bench/a.ts'])(
    'names the test file %s',
    async (name) => {
      const unpacked = await folderWith({ ...sound, [name]: '' })
      expect(contentFindings(unpacked, await folderWith({}))).toEqual([`${name} is a test file`])
    },
  )

  test('names a source that a map does not hold', async () => {
    const map = JSON.stringify({ sources: ['../src/a.ts', '../src/b.ts'], sourcesContent: ['', null] })
    const unpacked = await folderWith({ ...sound, 'dist/index.js.map': map })
    expect(contentFindings(unpacked, await folderWith({}))).toEqual([
      'dist/index.js.map names ../src/b.ts, which it does not hold',
    ])
  })

  test.each(['{"@mi/contract":"workspace:^"}', '{"@mi/internal":"0.0.0"}'])(
    'names dependencies that npm does not have: %s',
    async (dependencies) => {
      const unpacked = await folderWith({ ...sound, 'package.json': `{"dependencies":${dependencies}}` })
      expect(contentFindings(unpacked, await folderWith({}))).toEqual([
        expect.stringMatching(/^package.json depends on @mi\/.*, which npm does not have$/),
      ])
    },
  )

  test('names an import of the code that should have been bundled', async () => {
    const unpacked = await folderWith({ ...sound, 'dist/index.js': "import { nearest } from '@mi/internal/nearest'\n" })
    expect(contentFindings(unpacked, await folderWith({}))).toEqual([
      'dist/index.js imports @mi/internal, which is not published',
    ])
  })
})
