import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Starts a program of src/, as built, in a process of its own that does not outlive the test. */
export function startProgram(name: 'tally-server' | 'tally-client', args: readonly string[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url)), [...args], { execArgv: [] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exitOf(child)
  })
  return child
}

/** The exit status of a process that ends by itself; its signal when one ended it. */
export async function exitOf(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode ?? child.signalCode
}
