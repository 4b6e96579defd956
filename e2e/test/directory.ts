import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory of the running test's own, removed with all it holds when the test is over. */
export async function testDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'mi-e2e-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}
