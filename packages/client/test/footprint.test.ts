import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const client = fileURLToPath(new URL('..', import.meta.url))
const contract = join(client, '..', 'contract')

/** What npm unpacks of a package: the files that it lists, and those that always go along. */
function installedBytes(directory: string): number {
  const { files } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const parts = [...files, 'package.json', 'README.md', 'LICENSE'].map((name: string) => join(directory, name))
  return parts.filter((path) => existsSync(path)).reduce((sum, path) => sum + bytesOf(path), 0)
}

function bytesOf(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.size
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}

test('the package with all that it depends on takes less than 1 MB', () => {
  const { dependencies } = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'))
  expect(Object.keys(dependencies)).toEqual(['@mi/contract'])
  expect(JSON.parse(readFileSync(join(contract, 'package.json'), 'utf8')).dependencies).toBeUndefined()
  const bytes = installedBytes(client) + installedBytes(contract)
  expect(bytes).toBeGreaterThan(100_000)
  expect(bytes).toBeLessThan(1_000_000)
})

test('loading it loads neither HTTP nor child processes, which only some programs need', () => {
  const script = `await import('./dist/index.js'); console.log(process.moduleLoadList.join())`
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: client,
    encoding: 'utf8',
  })
  expect(loaded).toContain('NativeModule dgram')
  for (const name of ['_http_client', 'https', 'child_process']) expect(loaded).not.toContain(`NativeModule ${name},`)
})
