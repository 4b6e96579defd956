import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The program as it is installed. */
export const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** How a process ended, and what it has printed. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  readonly stdout: () => string
  readonly stderr: () => string
}

export interface MiOptions {
  readonly env?: Readonly<Record<string, string>>
  /** What it reads from stdin. @default nothing */
  readonly input?: string
  /** Whether stdin stays open behind the input. @default false */
  readonly isInputOpen?: boolean
}

/** Starts `mi`; it is ended with the test, should it still run. Nothing of the user's environment reaches it. */
export function start(args: readonly string[], { env = {}, input = '', isInputOpen = false }: MiOptions = {}): Running {
  if (!existsSync(program)) throw new Error(`${program} is missing: build the package first (npx tsup)`)
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TZ: 'UTC', ...env },
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  child.stdin.on('error', () => {
    // It ended before it had read all.
  })
  child.stdin.write(input)
  if (!isInputOpen) child.stdin.end()
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended, stdout: () => texts.stdout, stderr: () => texts.stderr }
}

/** Runs `mi` to its end. */
export function mi(args: readonly string[], options?: MiOptions): Promise<Ended> {
  return start(args, options).ended
}
