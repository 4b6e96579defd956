import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileEnvironment, findCompiler, host, missingTools } from './toolchain.mjs'

// The install script of the published package: takes the prebuilt addon where there is one for this platform, compiles it
// where it can, and else says what does not work. It never fails: the package is of use without the addon too.
const folder = fileURLToPath(new URL('.', import.meta.url))

/** Longer than any compiler takes; headers that cannot be fetched must not hold up an install for ever. */
const compileTimeoutMs = 300_000

// In the repository it is the build that makes the addon.
if (!existsSync(join(folder, '..', '..', 'pnpm-workspace.yaml'))) install()

function install() {
  const wantsOwn = process.env.npm_config_build_from_source === 'true'
  if (!wantsOwn && loads()) return
  const problem = process.platform === 'win32' ? 'it needs a POSIX system' : compile()
  if (problem === undefined) return
  // What did not compile whole must not be loaded.
  rmSync(join(folder, 'build'), { recursive: true, force: true })
  if (loads()) return
  process.stderr.write(
    `@mi/posix: no native addon for ${host} and Node.js ${process.version}: ${problem}. ` +
      'UDP goes over node:dgram; UNIX datagram sockets, mkfifo and one-call FIFO writes are not available.\n' +
      '@mi/posix: to have them, install a C compiler, make and python3, then run: npm rebuild @mi/posix\n',
  )
}

/** In a process of its own: what crashes while it is loaded must not fail the install. */
function loads() {
  const load = `require('node-gyp-build')(${JSON.stringify(folder)})`
  return spawnSync(process.execPath, ['--eval', load], { cwd: folder, stdio: 'ignore' }).status === 0
}

/** @returns {string | undefined} what went wrong */
function compile() {
  const missing = missingTools()
  if (missing.length > 0) return `there is no prebuilt one, and to compile it here ${missing.join(' and ')} is missing`
  const nodeGyp = findNodeGyp()
  if (nodeGyp === undefined) return 'there is no prebuilt one, and no node-gyp to compile it'
  const { status, stdout, stderr } = spawnSync(process.execPath, [nodeGyp, 'rebuild'], {
    cwd: folder,
    env: compileEnvironment(process.platform === 'darwin' ? undefined : findCompiler()),
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: compileTimeoutMs,
    killSignal: 'SIGKILL',
  })
  if (status !== 0) return `compiling failed (${reasonIn(`${stdout ?? ''}\n${stderr ?? ''}`)})`
  return loads() ? undefined : 'what was compiled cannot be loaded'
}

/** npm and pnpm name the node-gyp that they bring; else it is looked for beside npm, and where node_modules are. */
function findNodeGyp() {
  const beside = dirname(dirname(process.execPath))
  const candidates = [
    process.env.npm_config_node_gyp,
    join(beside, 'lib', 'node_modules', 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
    resolved('node-gyp/bin/node-gyp.js'),
  ]
  return candidates.find((path) => path !== undefined && existsSync(path))
}

/** @param {string} name */
function resolved(name) {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch {
    // Not installed, as usual.
    return undefined
  }
}

/** @param {string} output of node-gyp */
function reasonIn(output) {
  const lines = output.split('\n')
  const line = lines.find((each) => /\berror:|gyp ERR! stack/i.test(each)) ?? 'without a word'
  return line.replace(/^gyp ERR! stack /, '').trim()
}
