import { writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LiveFiles } from '../src/live-files.js'

test('the files of many clients are no leak that Node.js warns of; afterwards no listener is left', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mi-client-live-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const events = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const listeners = (): number[] => events.map((event) => process.listenerCount(event))
  const before = { listeners: listeners(), limit: process.getMaxListeners() }
  const warnings: string[] = []
  const onWarning = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))

  const clients = Array.from({ length: 30 }, (_, at) => ({ files: new LiveFiles(), path: join(directory, String(at)) }))
  for (const { files, path } of clients) {
    files.add(path)
    writeFileSync(path, '')
  }
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(warnings).toEqual([])
  for (const { files, path } of clients) files.remove(path)
  expect({ listeners: listeners(), limit: process.getMaxListeners() }).toEqual(before)
  expect(await readdir(directory)).toEqual([])
})
