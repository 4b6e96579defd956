import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { inRoot } from '../../scripts/workspace.mjs'
import { testDirectory } from './directory.js'

test('the two files of the README of @mi/processes serve MI by five processes, and leave nothing behind', async () => {
  const readme = await readFile(inRoot('packages', 'processes', 'README.md'), 'utf8')
  const [, commands = ''] = /```js\n(.*?)```/s.exec(readme) ?? []
  const [, server = ''] = /```ts\n(.*?)```/s.exec(readme) ?? []
  const folder = await testDirectory()
  // The packages that the files import, as where they are installed.
  await symlink(inRoot('e2e', 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'commands.js'), commands)
  await writeFile(join(folder, 'server.js'), server.replaceAll('/run/app', folder))
  const program: ChildProcess = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void program.kill('SIGKILL'))
  const exited = once(program, 'exit')
  const lines = createInterface({ input: program.stdout ?? process.stdin })
  const [line] = await once(lines, 'line')
  const types = JSON.parse(line).result.Processes.map(({ ID, Type }: { ID: number; Type: string }) => [ID, Type])
  expect(types).toEqual([[0, 'MI server'], ...[1, 2, 3, 4].map((id) => [id, 'MI Datagram'])])
  program.kill('SIGINT')
  expect(await exited).toEqual([0, null])
  expect(existsSync(join(folder, 'mi.sock'))).toBe(false)
})
