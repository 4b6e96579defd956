import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { testDirectory } from './directory.js'

const run = promisify(execFile)

const readme = new URL('../../README.md', import.meta.url)

test("the README's example of the whole runs and prints the version", async () => {
  const example = /```js\n(.*?)```/s.exec(await readFile(readme, 'utf8'))?.[1] ?? ''
  const program = example.replaceAll('/tmp/my_fifo', join(await testDirectory(), 'my_fifo'))
  expect(program).not.toBe(example)
  // From this package's folder, which has the packages that the example imports.
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd, timeout: 30_000 })
  expect(stdout).toContain('Server:')
})
