import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** The example as a process. */
export interface HepWatchProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  output(): string
  errors(): string
  /** Resolves with the match when the output, or the error output, has one; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

/** Starts the built example; it is killed when the test ends. */
export function startHepWatch(...args: string[]): HepWatchProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
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
  })
  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output) ?? pattern.exec(errors)
      if (match !== null) return match
      const more = [child.stdout, child.stderr].map((stream) => once(stream, 'data').then(() => 'more'))
      if ((await Promise.race([...more, ended])) !== 'more' && !pattern.test(output) && !pattern.test(errors)) {
        throw new Error(`hep-watch ended before it printed ${pattern}:\n${output}${errors}`)
      }
    }
  }
  return { child, output: () => output, errors: () => errors, printed, ended }
}
