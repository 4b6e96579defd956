import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** The example as a process, and all that it has printed. */
export interface QuickstartProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Where it makes its private directory. */
  readonly temporary: string
  output(): string
  errors(): string
  /** Resolves when the output holds a text; rejects when the process ends before. */
  printed(text: string): Promise<void>
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

/** Starts the built example with a temporary directory of the test's own. */
export async function startQuickstart(...args: string[]): Promise<QuickstartProcess> {
  const temporary = await mkdtemp(join(tmpdir(), 'mi-quickstart-test-'))
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk
  })
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    await rm(temporary, { recursive: true, force: true })
  })
  const printed = async (text: string): Promise<void> => {
    while (!output.includes(text)) {
      const status = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended])
      if (status !== undefined && !output.includes(text)) {
        throw new Error(`the quickstart ended with ${status} before it printed '${text}':\n${output}${errors}`)
      }
    }
  }
  return { child, temporary, output: () => output, errors: () => errors, printed, ended }
}
