import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/** A child whose test has failed must not stay forever. */
const limits: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' }

/** How a child process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** An environment in which the addon is not found: it is looked for in a folder that is not there. */
export const withoutAddon: NodeJS.ProcessEnv = { ...process.env, '@MI/POSIX_PREBUILD': '/nonexistent' }

/** Runs a program of test/children, which uses the built package: Node.js 20 does not run TypeScript. */
export function start(
  program: string,
  args: readonly string[] = [],
  options: SpawnOptions & { readonly execArgv?: readonly string[] } = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  if (!existsSync(built)) throw new Error(`${built} is missing: build the package first (npm run build)`)
  const path = fileURLToPath(new URL(`../children/${program}`, import.meta.url))
  const { execArgv = [], ...others } = options
  const child = spawn(process.execPath, [...execArgv, path, ...args], { ...limits, ...others })
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

export function run(...call: Parameters<typeof start>): Promise<Ended> {
  return start(...call).ended
}
