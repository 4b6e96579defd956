import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileEnvironment } from './toolchain.mjs'

const require = createRequire(import.meta.url)

/**
 * Compiles the addon with prebuildify, in a temporary folder: a process that uses the addon meanwhile is not disturbed.
 * @param {string} platform `linux-arm64`
 * @param {string} compiler command of the C compiler for that platform
 * @param {{ strip?: string | undefined, compileFlags?: string, linkFlags?: string, show?: boolean }} [options] strip: the
 *   command that removes symbols, left out: they stay; show: whether to let the compiler print
 * @returns {{ name: string, content: Buffer }} the file as node-gyp-build looks for it in prebuilds/PLATFORM
 * @throws Error when it does not compile
 */
export function compileAddon(platform, compiler, { strip, compileFlags, linkFlags, show = false } = {}) {
  const [system = '', arch = ''] = platform.split('-')
  const stage = realpathSync(mkdtempSync(join(tmpdir(), 'mi-posix-')))
  try {
    for (const name of ['native', 'binding.gyp', 'package.json']) {
      cpSync(new URL(name, import.meta.url), join(stage, name), { recursive: true })
    }
    const args = ['--cwd', stage, '--name', 'posix', '--platform', system, '--arch', arch, '--napi', '--tag-libc']
    args.push('--node-gyp', require.resolve('node-gyp/bin/node-gyp.js'))
    if (strip !== undefined) args.push('--strip', '--strip-bin', strip)
    const env = compileEnvironment(compiler)
    if (compileFlags !== undefined) env.CFLAGS = compileFlags
    if (linkFlags !== undefined) env.LDFLAGS = linkFlags
    const output = show ? 'inherit' : 'pipe'
    execFileSync(process.execPath, [require.resolve('prebuildify/bin.js'), ...args], {
      env,
      stdio: ['ignore', output, output],
    })
    const made = join(stage, 'prebuilds', platform)
    const [name = ''] = readdirSync(made)
    return { name, content: readFileSync(join(made, name)) }
  } finally {
    rmSync(stage, { recursive: true })
  }
}
