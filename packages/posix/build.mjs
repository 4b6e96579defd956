import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileAddon, nativeSources } from './compile.mjs'
import { findCommand, findCompiler, host, missingTools } from './toolchain.mjs'

// node build.mjs [PLATFORM COMPILER STRIP]: compiles the addon into prebuilds/PLATFORM. Without arguments for this machine,
// and only when the sources have changed since.
const folder = fileURLToPath(new URL('.', import.meta.url))
const prebuilds = join(folder, 'prebuilds')
const stamp = join(folder, 'node_modules', '.cache', 'mi-posix', host)

const [platform, compiler, strip] = process.argv.slice(2)
if (platform !== undefined && compiler !== undefined) build(platform, compiler, strip)
else if (process.platform === 'win32')
  process.stdout.write('@mi/posix: no addon on Windows; UDP goes over node:dgram\n')
else if (!isUpToDate()) buildForThisMachine()

function buildForThisMachine() {
  const missing = missingTools()
  if (missing.length > 0) {
    process.stderr.write(
      `@mi/posix: the addon cannot be compiled: ${missing.join(', ')} not found in PATH.\n` +
        'On Debian: apt-get install gcc libc6-dev make python3; on macOS: xcode-select --install\n',
    )
    process.exit(1)
  }
  build(host, findCompiler() ?? 'cc', findCommand(['strip']))
  // Those for other platforms were made from other sources.
  for (const name of readdirSync(prebuilds)) {
    if (name !== host) rmSync(join(prebuilds, name), { recursive: true })
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, state())
}

/**
 * @param {string} forPlatform
 * @param {string} withCompiler
 * @param {string | undefined} withStrip
 */
function build(forPlatform, withCompiler, withStrip) {
  const { name, content } = compileAddon(forPlatform, withCompiler, { strip: withStrip, show: true })
  const target = join(prebuilds, forPlatform)
  mkdirSync(target, { recursive: true })
  // In one step: a process that loads it gets the old file or the new one.
  writeFileSync(join(target, `.${name}`), content, { mode: 0o755 })
  renameSync(join(target, `.${name}`), join(target, name))
  // What was compiled here by hand would be loaded instead.
  rmSync(join(folder, 'build'), { recursive: true, force: true })
}

function isUpToDate() {
  return !existsSync(join(folder, 'build')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state()
}

/** What the addon is made from and what it has become: the latter may also come from a cache, made from other sources. */
function state() {
  const hash = createHash('sha256').update(process.version)
  for (const file of [...nativeSources.map((name) => join(folder, name)), join(prebuilds, host)].flatMap(filesOf)) {
    hash.update(`\0${file}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}
