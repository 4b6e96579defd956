import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { environmentOfItsOwn } from '../../scripts/installs/environment.mjs'
import { startRegistry } from '../../scripts/release/registry.mjs'
import { inRoot } from '../../scripts/root.mjs'
import { until } from './until.js'

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}-/ping`).then(
    (response) => response.ok,
    () => false,
  )

test('a registry of its own is up at once, knows no package of ours, and is gone with its files when it is closed', async () => {
  const registry = await startRegistry()
  expect(await isUp(registry.url)).toBe(true)
  expect((await fetch(`${registry.url}@mi%2fcore`)).status).toBe(404)
  await registry.close()
  expect(await isUp(registry.url)).toBe(false)
  expect(existsSync(dirname(registry.userconfig))).toBe(false)
})

test('a registry ends and removes its files when who has started it is killed', async () => {
  const program = `import { startRegistry } from '${inRoot('scripts', 'release', 'registry.mjs')}'
    console.log(JSON.stringify(await startRegistry()))`
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentOfItsOwn(),
  })
  onTestFinished(async () => {
    parent.kill('SIGKILL')
  })
  const [line] = await once(parent.stdout, 'data')
  const { url, userconfig } = JSON.parse(String(line))
  expect(await isUp(url)).toBe(true)
  parent.kill('SIGKILL')
  await until('the storage of the registry is removed', () => !existsSync(dirname(userconfig)))
  await expect.poll(() => isUp(url), { timeout: 30_000 }).toBe(false)
})
