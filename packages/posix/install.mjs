import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileEnvironment, findCompiler, host } from './toolchain.mjs'

// The install script of the published package: node-gyp-build takes the prebuilt addon where there is one for this platform, and else
// compiles it. It never fails: the package is of use without the addon too.

/** Longer than any compiler takes; headers that cannot be downloaded must not hold up an install forever. */
const COMPILE_TIMEOUT_MS = 300_000

// In the repository it is the build that makes the addon; on Windows there is none.
const isInRepository = existsSync(new URL('../../pnpm-workspace.yaml', import.meta.url))
if (!isInRepository && process.platform !== 'win32') {
  const nodeGypBuild = createRequire(import.meta.url).resolve('node-gyp-build/bin.js')
  const { status } = spawnSync(process.execPath, [nodeGypBuild], {
    cwd: import.meta.dirname,
    env: compileEnvironment(process.platform === 'darwin' ? undefined : findCompiler()),
    stdio: 'inherit',
    timeout: COMPILE_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  if (status !== 0) {
    process.stderr.write(
      `@mi/posix: no native addon for ${host} and Node.js ${process.version}; the reason is above. UDP uses node:dgram; ` +
        'UNIX datagram sockets, mkfifo and one-call FIFO writes are not available.\n' +
        '@mi/posix: to get them, install a C compiler, make and python3, then run: npm rebuild @mi/posix\n',
    )
  }
}
