import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileAddon } from '../../packages/posix/compile.mjs'
import { findCommand, host } from '../../packages/posix/toolchain.mjs'
import { runQuietly, runShown } from '../child.mjs'
import { Failure } from '../failure.mjs'
import { inRoot } from '../root.mjs'
import { setUp } from '../set-up/index.mjs'
import { tool } from '../tools.mjs'

const folder = inRoot('packages', 'posix')

/** Programs of the tests that end by themselves, after which the addon must have freed all that it had allocated. */
const programs = [['--expose-gc', 'closings.mjs', '50'], ['workers.mjs'], ['throwing.mjs']]

/**
 * npm run check:native: the tests of @mi/posix with its addon under AddressSanitizer and UndefinedBehaviorSanitizer, then
 * programs with a count of what the addon allocates and frees. (LeakSanitizer does not know V8's heap, in which the only
 * pointers to the addon's memory may be.)
 */
export async function checkNative() {
  if (process.platform !== 'linux') throw new Failure('check:native needs Linux, gcc and its sanitizers.')
  await setUp()
  const scratch = await mkdtemp(join(tmpdir(), 'mi-check-native-'))
  try {
    const environment = await sanitized(scratch)
    const failures = [...(await runTests(environment, scratch)), ...(await runPrograms(environment, scratch))]
    for (const failure of failures) console.error(`\n${failure}`)
    console.log(
      failures.length === 0 ? 'check:native: no memory error, no leak' : `check:native: ${failures.length} failed`,
    )
    return failures.length === 0 ? 0 : 1
  } finally {
    await rm(scratch, { recursive: true })
  }
}

/**
 * Compiles the addon with the sanitizers, and names the environment in which it is used.
 * @param {string} scratch
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function sanitized(scratch) {
  const compiler = findCommand(['gcc']) ?? 'gcc'
  const counting = join(scratch, 'counted-memory.o')
  execFileSync(compiler, ['-fPIC', '-O1', '-c', '-o', counting, `${folder}/test/native/counted-memory.c`])
  const sanitizers = '-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g'
  const wraps = ['malloc', 'calloc', 'realloc', 'free'].map((name) => `-Wl,--wrap=${name}`).join(' ')
  const { name, content } = compileAddon(host, compiler, {
    compileFlags: sanitizers,
    linkFlags: `${sanitizers} ${counting} ${wraps}`,
  })
  await mkdir(join(scratch, 'build', 'Release'), { recursive: true })
  await writeFile(join(scratch, 'build', 'Release', name), content)
  const library = execFileSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim()
  if (!existsSync(library)) throw new Failure(`${compiler} has no libasan.so, which comes with libgcc-dev`)
  return {
    ...process.env,
    LD_PRELOAD: library,
    // Its reports go to files: what prints them may be a child of a child.
    ASAN_OPTIONS: `detect_leaks=0:exitcode=86:log_path=${scratch}/report`,
    UBSAN_OPTIONS: `print_stacktrace=1:log_path=${scratch}/report`,
    // Where node-gyp-build looks first.
    '@MI/POSIX_PREBUILD': scratch,
  }
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} scratch
 */
async function runTests(environment, scratch) {
  const [command, script] = tool('vitest', 'vitest')
  const args = [script, 'run', '--config', 'vitest.workspace.ts', '--project', '@mi/posix', '--testTimeout', '60000']
  const status = await runShown(command, args, { env: { ...environment, NODE_ENV: 'test' } })
  const found = await reports(scratch)
  return [...found, ...(status === 0 ? [] : [`the tests of @mi/posix failed (exit status ${status})`])]
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} scratch
 */
async function runPrograms(environment, scratch) {
  const failures = []
  for (const args of programs) {
    const name = args.join(' ')
    const counts = join(scratch, 'counts')
    const command = args.map((arg) => (arg.endsWith('.mjs') ? `${folder}/test/children/${arg}` : arg))
    const env = { ...environment, MI_LIVE_ALLOCATIONS: counts }
    const { status, output } = await runQuietly(process.execPath, command, { env })
    failures.push(...(await reports(scratch)))
    if (status !== 0) failures.push(`${name} ended with ${status}:\n${output}`)
    const lines = existsSync(counts) ? (await readFile(counts, 'utf8')).trim().split('\n') : []
    const [live, total] = lines.map((line) => line.split(' ').map(Number)).reduce(sum, [0, 0])
    console.log(`${name}: ${total} allocations, ${live} not freed`)
    if (live !== 0 || total === 0) failures.push(`${name}: ${live} of ${total} allocations were not freed`)
    await rm(counts, { force: true })
  }
  return failures
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function sum(a, b) {
  return a.map((value, at) => value + (b[at] ?? 0))
}

/**
 * What the sanitizers have found since the last time.
 * @param {string} scratch
 */
async function reports(scratch) {
  const names = (await readdir(scratch)).filter((name) => name.startsWith('report'))
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(scratch, name), 'utf8')
      await rm(join(scratch, name))
      return text
    }),
  )
}
