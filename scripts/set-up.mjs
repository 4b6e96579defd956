import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inRoot, pnpm, root } from './workspace.mjs'

// node scripts/set-up.mjs [--no-build]: installs the dependencies when the lockfile differs from what is installed, and builds
// the packages when a source is newer than the last build. It is silent when there is nothing to do.
// This file runs on a bare clone: it may import nothing that has to be installed.

/** Its time is that of the last build. */
const builtFile = inRoot('node_modules', '.cache', 'mi', 'built')

if (!isInstalled()) {
  // Development dependencies too when NODE_ENV is production, and no question when npm made the node_modules that are there.
  const [command, args] = pnpm(['install', '--frozen-lockfile', '--prod=false', '--config.confirmModulesPurge=false'])
  step('Installing dependencies', command, args)
}
if (!process.argv.includes('--no-build') && !isBuilt()) {
  installPrograms()
  const startedMs = Date.now()
  step('Building the packages', process.execPath, [inRoot('node_modules', 'lerna', 'dist', 'cli.js'), 'run', 'build'])
  mkdirSync(dirname(builtFile), { recursive: true })
  // What was changed during the build is newer.
  writeFileSync(builtFile, String(startedMs))
}

function isInstalled() {
  // pnpm keeps a copy of the lockfile that it installed.
  const installed = inRoot('node_modules', '.pnpm', 'lock.yaml')
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(inRoot('pnpm-lock.yaml')))
}

function isBuilt() {
  if (!existsSync(builtFile)) return false
  const parents = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(inRoot(parent)).map((name) => inRoot(parent, name)),
  )
  const projects = [...parents, inRoot('bench'), inRoot('e2e')].filter((folder) =>
    existsSync(join(folder, 'tsup.config.ts')),
  )
  const shared = ['pnpm-lock.yaml', 'tsconfig.base.json', 'nx.json', 'lerna.json'].map((name) => inRoot(name))
  const own = projects.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^(src|native|binding\.gyp|.*\.(json|mjs)|tsup\.config\.ts)$/.test(name))
      .map((name) => join(folder, name)),
  )
  const internal = inRoot('packages', 'internal', 'src')
  const builtMs = Number(readFileSync(builtFile, 'utf8'))
  return (
    projects.every((folder) => existsSync(join(folder, 'dist'))) &&
    [...shared, ...own, internal].every((path) => newestMs(path) < builtMs)
  )
}

/**
 * When a file or anything in a folder was last changed; a folder changes when a file in it appears or is removed.
 * @param {string} path
 * @returns {number}
 */
function newestMs(path) {
  const stat = statSync(path)
  const inside = stat.isDirectory() ? readdirSync(path).map((name) => newestMs(join(path, name))) : []
  return Math.max(stat.mtimeMs, ...inside)
}

/** The addon of @mi/posix is written in C, and tests call servers with curl. Installed on Debian as root; elsewhere what fails names it. */
function installPrograms() {
  const missing = ['cc', 'make', 'python3', 'curl'].filter((name) => spawnSync('which', [name]).status !== 0)
  const canInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (missing.length === 0 || !canInstall) return
  const packages = ['gcc', 'libc6-dev', 'make', 'python3', 'curl']
  const line = `apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${packages.join(' ')}`
  step(`Installing ${packages.join(' ')}, because there is no ${missing.join(' and no ')}`, 'sh', ['-c', line])
}

/**
 * Runs one step. Its output is shown when it fails, and then the process exits.
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 */
function step(title, command, args) {
  console.log(`${title} ...`)
  // `npm --silent run` asks its children for silence too. A step that failed would then show nothing.
  const env = { ...process.env, npm_config_loglevel: 'notice' }
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, { cwd: root, env, maxBuffer: Infinity })
  if (status === 0) return
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  console.error(
    `${title} failed (${error?.message ?? signal ?? `exit status ${status}`}): ${command} ${args.join(' ')}`,
  )
  process.exit(status ?? 1)
}
