import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileAddon } from './compile.mjs'
import { findCommand, findCompiler, host, missingTools } from './toolchain.mjs'

// node build.mjs [PLATFORM COMPILER STRIP]: compiles the addon into prebuilds/PLATFORM; without arguments for this machine.
const folder = fileURLToPath(new URL('.', import.meta.url))
const prebuilds = join(folder, 'prebuilds')
const [platform = host, compiler = findCompiler(), strip = findCommand(['strip'])] = process.argv.slice(2)

const missing = platform === host ? missingTools() : []
if (process.platform === 'win32') {
  process.stdout.write('@mi/posix: no addon on Windows; UDP uses node:dgram\n')
} else if (missing.length > 0 || compiler === undefined) {
  process.stderr.write(
    `@mi/posix: the addon cannot be compiled: ${missing.join(', ')} not found in PATH.\n` +
      'On Debian: apt-get install gcc libc6-dev make python3; on macOS: xcode-select --install\n',
  )
  process.exit(1)
} else {
  const { name, content } = compileAddon(platform, compiler, { strip, show: true })
  const target = join(prebuilds, platform)
  mkdirSync(target, { recursive: true })
  // In one step: a process that loads it gets the old file or the new one.
  writeFileSync(join(target, `.${name}`), content, { mode: 0o755 })
  renameSync(join(target, `.${name}`), join(target, name))
  // What was compiled here by hand would be loaded instead.
  rmSync(join(folder, 'build'), { recursive: true, force: true })
  // Those of other platforms are made from the same sources, after this machine's.
  const others = process.argv.length > 2 ? [] : readdirSync(prebuilds).filter((each) => each !== host)
  for (const other of others) rmSync(join(prebuilds, other), { recursive: true })
}
