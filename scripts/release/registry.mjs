import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runQuietly } from '../child.mjs'
import { Failure } from '../failure.mjs'

/**
 * Where packages are published.
 * @typedef {{ url: string, userconfig?: string }} Registry userconfig: file of npm's settings that lets one publish there; left
 *   out, whoever runs the script must be logged in
 */

/** Longer than a loaded machine takes. */
const startLimitMs = 60_000

/**
 * Starts a registry of its own (verdaccio) on a free port of this machine, empty of @mi packages, with its storage in a
 * temporary directory. No account is needed: who can reach it may publish.
 * @returns {Promise<Registry & { userconfig: string, close(): Promise<void> }>} close: ends it and removes all it has stored
 */
export async function startRegistry() {
  const storage = await mkdtemp(join(tmpdir(), 'mi-registry-'))
  const script = fileURLToPath(new URL('registry-process.mjs', import.meta.url))
  const child = fork(script, [storage, await upstream()], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (output = (output + chunk).slice(-8192)))
  const ended = once(child, 'exit')
  const close = async () => {
    if (child.connected) child.disconnect()
    await ended
    // It has done so itself, unless it was killed.
    await rm(storage, { recursive: true, force: true })
  }
  try {
    const url = `http://127.0.0.1:${await portOf(child, ended)}/`
    const userconfig = join(storage, 'npmrc')
    // npm sends nothing without a token; the registry takes any.
    await writeFile(
      userconfig,
      `registry=${url}\n${url.slice('http:'.length)}:_authToken=anybody\nupdate-notifier=false\n`,
    )
    return { url, userconfig, close }
  } catch (error) {
    child.kill('SIGKILL')
    await close()
    throw new Failure(`The local registry did not start: ${error instanceof Error ? error.message : error}\n${output}`)
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<unknown[]>} ended
 * @returns {Promise<number>}
 */
async function portOf(child, ended) {
  const told = once(child, 'message', { signal: AbortSignal.timeout(startLimitMs) })
  const [first] = await Promise.race([told, ended.then(([status]) => [`it ended with ${status}`])])
  if (typeof first === 'object' && first !== null && 'port' in first) return Number(first.port)
  throw new Error(String(first))
}

/** The registry that npm would use here: a mirror, where there is one. */
async function upstream() {
  const { status, output } = await runQuietly('npm', ['config', 'get', 'registry', '--loglevel=error'])
  const url = output.trim().split('\n').at(-1) ?? ''
  return status === 0 && URL.canParse(url) ? url : 'https://registry.npmjs.org/'
}
