import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { generatedFiles } from '../generate/files.mjs'
import { readCatalogues, readCommandLevels } from '../generate/read-catalogues.mjs'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

/** The files below a folder, texts by path. */
function filesBelow(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]))
}

test('src/ is what `npm run generate` makes of catalogue/, no file more and none less', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mi-generate-'))
  try {
    for (const part of ['catalogue', 'generate', 'src', 'package.json']) {
      cpSync(join(packageFolder, part), join(folder, part), { recursive: true })
    }
    cpSync(join(folder, 'src/modules/core.ts'), join(folder, 'src/modules/stale.ts'))
    const output = execFileSync('npm', ['run', '--silent', 'generate'], { cwd: folder, encoding: 'utf8' })
    expect(output).toContain('78 modules')
    expect(filesBelow(join(folder, 'src'))).toEqual(filesBelow(join(packageFolder, 'src')))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the order in which catalogues are read makes no difference', () => {
  const files = generatedFiles(readCatalogues(), readCommandLevels())
  expect([...generatedFiles(readCatalogues().reverse(), readCommandLevels())]).toEqual([...files])
})
