import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentFindings } from '../../scripts/check-packages/contents.mjs'
import { fingerprint } from '../../scripts/set-up/fingerprint.mjs'
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
  'dist/index.js.map': '{"sources":["../src/index.ts"]}',
  'src/index.ts': '',
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

  test.each(['../src/absent.ts', '../../outside.ts', '/etc/hostname'])(
    'names a source map that points at %s',
    async (source) => {
      const unpacked = await folderWith({ ...sound, 'dist/index.js.map': JSON.stringify({ sources: [source] }) })
      expect(contentFindings(unpacked, await folderWith({}))).toEqual([
        `dist/index.js.map points at ${source}, which is not in the package`,
      ])
    },
  )

  test('names a version that only pnpm understands', async () => {
    const unpacked = await folderWith({ ...sound, 'package.json': '{"dependencies":{"@mi/contract":"workspace:^"}}' })
    expect(contentFindings(unpacked, await folderWith({}))).toEqual(["package.json still holds 'workspace:' versions"])
  })
})

describe('the fingerprint that tells a stale build', () => {
  test('differs with a content, a name and a removal', async () => {
    const folder = await folderWith({ 'a.ts': '1', 'b.ts': '2' })
    const seen = [fingerprint([folder])]
    await writeFile(join(folder, 'a.ts'), '3')
    seen.push(fingerprint([folder]), fingerprint([`${folder}/a.ts`]), fingerprint([`${folder}/b.ts`]))
    expect(new Set(seen).size).toBe(4)
  })

  test('is the same at another time', async () => {
    const folder = await folderWith({ 'a.ts': '1' })
    const before = fingerprint([folder])
    await utimes(join(folder, 'a.ts'), 0, 0)
    expect(fingerprint([folder])).toBe(before)
  })
})
