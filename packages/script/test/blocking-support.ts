import type { MiLogger } from '@mi/contract'
import { silence } from '@mi/internal/guarded-log'
import { onTestFinished, vi } from 'vitest'
import type { BlockingScript, BlockingScriptOptions } from '../src/index.js'

/** Worker threads run the program beside the built package, so these tests use that. */
export const { createBlockingScript } = await builtPackage('../dist/index.js')

/** The build makes that file from these sources, so it has their type. */
async function builtPackage(path: string): Promise<typeof import('../src/index.js')> {
  return (await import(path)) as typeof import('../src/index.js')
}

export const beside = (name: string): URL => new URL(`./workers/${name}`, import.meta.url)

export interface Line {
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A script in front of `workers/engine.mjs`, closed at the end of the test, and what it logs. */
export function blockingScript(options: Partial<BlockingScriptOptions> = {}) {
  const lines: Line[] = []
  const log: MiLogger = { ...silence, error: (fields, message) => void lines.push({ fields, message }) }
  const script = createBlockingScript({ engine: beside('engine.mjs'), log, ...options })
  onTestFinished(() => script.close())
  return { script, ret: script.var('ret'), lines }
}

/** The same, listening. */
export async function listening(options: Partial<BlockingScriptOptions> = {}) {
  const fixture = blockingScript(options)
  await fixture.script.listen()
  return fixture
}

/** Resolves when calls are answered again. */
export async function answersAgain(script: BlockingScript): Promise<void> {
  await vi.waitUntil(() => script.mi('work:thread') === 1, { timeout: 50_000, interval: 10 })
}

/** The id of the thread that serves. */
export function threadOf(script: BlockingScript): unknown {
  script.mi('work:thread', script.var('thread'))
  return script.var('thread').get()
}
