import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outputOf } from './commands.mjs'

/**
 * A registry on this machine (verdaccio), empty of @mi packages. Other packages come from the registry that npm uses here.
 * @typedef {{ url: string, env: NodeJS.ProcessEnv, close: () => Promise<void> }} Registry env: settings with which npm and pnpm
 *   install from it and publish to it; close: ends it and removes its files
 */

const file = fileURLToPath(import.meta.url)
const START_LIMIT_MS = 60_000

/** @returns {Promise<Registry>} */
export async function startRegistry() {
  const storage = await mkdtemp(join(tmpdir(), 'mi-registry-'))
  const upstream = (await outputOf('npm', ['config', 'get', 'registry', '--loglevel=error'])).trim()
  const child = fork(file, [storage, upstream], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] })
  const ended = once(child, 'exit')
  const close = async () => {
    if (child.connected) child.disconnect()
    await ended
    await rm(storage, { recursive: true, force: true })
  }
  try {
    const listening = once(child, 'message', { signal: AbortSignal.timeout(START_LIMIT_MS) })
    const [port] = await Promise.race([listening, ended])
    if (!child.connected) throw new Error(`the local registry ended with exit status ${port}`)
    const url = `http://127.0.0.1:${port}/`
    const userconfig = join(storage, 'npmrc')
    // npm publishes nothing without a token. This registry accepts any.
    await writeFile(userconfig, `registry=${url}\n//127.0.0.1:${port}/:_authToken=any\nupdate-notifier=false\n`)
    return { url, env: { npm_config_registry: url, npm_config_userconfig: userconfig }, close }
  } catch (error) {
    child.kill('SIGKILL')
    await close()
    throw error
  }
}

if (process.argv[1] === file) await serve(process.argv[2] ?? '', process.argv[3] ?? '')

/**
 * The registry's process: sends its port, and ends when its parent closes the channel or is gone.
 * @param {string} storage
 * @param {string} upstream
 */
async function serve(storage, upstream) {
  const { runServer } = await import('verdaccio')
  const server = await runServer({
    configPath: join(storage, 'config.yaml'),
    storage: join(storage, 'packages'),
    auth: { htpasswd: { file: join(storage, 'htpasswd'), max_users: -1 } },
    uplinks: { upstream: { url: upstream, cache: true, maxage: '1h', timeout: '60s' } },
    packages: { '@mi/*': { access: '$all', publish: '$all' }, '**': { access: '$all', proxy: 'upstream' } },
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
    web: { enable: false },
    server: { keepAliveTimeout: 0 },
  })
  server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
  process.once('disconnect', () => {
    rmSync(storage, { recursive: true, force: true })
    process.exit()
  })
  // Ctrl-C reaches the whole group. The parent decides when the registry ends.
  process.on('SIGINT', () => {})
}
