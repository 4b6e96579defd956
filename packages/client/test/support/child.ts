import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packageDirectory = fileURLToPath(new URL('../..', import.meta.url))

/** A child whose test has failed must not stay for ever. */
const childLimits: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' }

/** How a child process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Copies the built package and the programs to where there is no `@mi/posix`. @returns for `start` */
export function withoutPosix(directory: string): string {
  const copy = join(directory, 'copy')
  for (const part of ['dist', 'test/children', 'package.json']) {
    cpSync(join(packageDirectory, part), join(copy, part), { recursive: true })
  }
  mkdirSync(join(copy, 'node_modules', '@mi'), { recursive: true })
  symlinkSync(join(packageDirectory, '..', 'contract'), join(copy, 'node_modules', '@mi', 'contract'))
  return copy
}

/** Runs a program of test/children, which uses the built package: Node.js 20 does not run TypeScript. */
export function start(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
  directory: string = packageDirectory,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const built = join(directory, 'dist', 'index.js')
  if (!existsSync(built)) throw new Error(`${built} is missing: build the package first (npx tsup)`)
  const path = join(directory, 'test', 'children', program)
  const child = spawn(process.execPath, [path, ...args], { ...childLimits, ...options })
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, ended }
}

export function run(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return start(program, args, options).ended
}
