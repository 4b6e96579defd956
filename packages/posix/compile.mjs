import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileEnvironment } from './toolchain.mjs'

const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('.', import.meta.url))

/** What is compiled and how, relative to this folder. */
export const nativeSources = ['native', 'binding.gyp', 'build.mjs', 'compile.mjs', 'toolchain.mjs']

/**
 * Compiles the addon with prebuildify, in a folder of its own: a process that uses the addon meanwhile is not disturbed.
 * @param {string} platform `linux-arm64`
 * @param {string} compiler command of the C compiler for that platform
 * @param {{ strip?: string | undefined, compileFlags?: string, linkFlags?: string, show?: boolean }} [options] strip: the
 *   command that takes symbols out, left out: they stay; show: whether to let the compiler print
 * @returns {{ name: string, content: Buffer }} the file as node-gyp-build looks for it in prebuilds/PLATFORM
 * @throws Error when it does not compile
 */
export function compileAddon(platform, compiler, { strip, compileFlags, linkFlags, show = false } = {}) {
  const [system = '', arch = ''] = platform.split('-')
  const stage = realpathSync(mkdtempSync(join(tmpdir(), 'mi-posix-')))
  try {
    for (const name of ['native', 'binding.gyp', 'package.json']) {
      cpSync(join(folder, name), join(stage, name), { recursive: true })
    }
    const environment = compileEnvironment(compiler)
    if (compileFlags !== undefined) environment.CFLAGS = compileFlags
    if (linkFlags !== undefined) environment.LDFLAGS = linkFlags
    const args = ['--cwd', stage, '--name', 'posix', '--platform', system, '--arch', arch, '--napi', '--tag-libc']
    if (strip !== undefined) args.push('--strip', '--strip-bin', strip)
    execFileSync(
      process.execPath,
      [require.resolve('prebuildify/bin.js'), ...args, '--node-gyp', require.resolve('node-gyp/bin/node-gyp.js')],
      { env: environment, stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'] },
    )
    return onlyFile(join(stage, 'prebuilds', platform))
  } finally {
    rmSync(stage, { recursive: true })
  }
}

/** @param {string} path */
function onlyFile(path) {
  const [name, ...others] = readdirSync(path)
  if (name === undefined || others.length > 0) throw new Error(`${path} should hold one file: ${[name, ...others]}`)
  return { name, content: readFileSync(join(path, name)) }
}
