import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileAddon } from '../packages/posix/compile.mjs'
import { host } from '../packages/posix/toolchain.mjs'
import { outputOf, run, withTemporaryDirectory } from './commands.mjs'
import { inRoot } from './workspace.mjs'

// npm run check:native: the tests of @mi/posix with its addon under AddressSanitizer and UndefinedBehaviorSanitizer, then
// programs that count what the addon allocates and frees. (LeakSanitizer does not know V8's heap, in which the only pointers
// to the addon's memory may be.) It needs Linux and gcc.
const folder = inRoot('packages', 'posix')

/** They end by themselves. Then the addon must have freed everything. */
const PROGRAMS = [['--expose-gc', 'closings.mjs', '50'], ['workers.mjs'], ['throwing.mjs']]

await withTemporaryDirectory(async (scratch) => {
  const env = await sanitizedAddon(scratch)
  /** @type {string[]} */
  const failures = []
  const vitest = ['run', '--config', 'vitest.workspace.ts', '--project', '@mi/posix']
  await run(inRoot('node_modules', '.bin', 'vitest'), vitest, { env }).catch((error) => failures.push(String(error)))
  failures.push(...(await reports(scratch)))
  for (const args of PROGRAMS) {
    failures.push(...(await runProgram(args, env, scratch)), ...(await reports(scratch)))
  }
  for (const failure of failures) console.error(`\n${failure}`)
  console.log(`check:native: ${failures.length === 0 ? 'no memory error, no leak' : `${failures.length} failed`}`)
  if (failures.length > 0) process.exitCode = 1
})

/**
 * Compiles the addon with the sanitizers.
 * @param {string} scratch
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which it is used
 */
async function sanitizedAddon(scratch) {
  const counting = join(scratch, 'counted-memory.o')
  execFileSync('gcc', ['-fPIC', '-O1', '-c', '-o', counting, join(folder, 'test', 'native', 'counted-memory.c')])
  const sanitizers = '-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g'
  const wraps = ['malloc', 'calloc', 'realloc', 'free'].map((name) => `-Wl,--wrap=${name}`).join(' ')
  const flags = { compileFlags: sanitizers, linkFlags: `${sanitizers} ${counting} ${wraps}` }
  const { name, content } = compileAddon(host, 'gcc', flags)
  await mkdir(join(scratch, 'build', 'Release'), { recursive: true })
  await writeFile(join(scratch, 'build', 'Release', name), content)
  const library = execFileSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim()
  if (!existsSync(library)) throw new Error('check:native: gcc has no libasan.so, which comes with libgcc-dev')
  return {
    ...process.env,
    NODE_ENV: 'test',
    LD_PRELOAD: library,
    // Reports go to files, because children of the tests print elsewhere.
    ASAN_OPTIONS: `detect_leaks=0:exitcode=86:log_path=${scratch}/report`,
    UBSAN_OPTIONS: `print_stacktrace=1:log_path=${scratch}/report`,
    // node-gyp-build looks here first.
    '@MI/POSIX_PREBUILD': scratch,
  }
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} scratch
 * @returns {Promise<string[]>} what failed
 */
async function runProgram(args, environment, scratch) {
  const name = args.join(' ')
  const counts = join(scratch, 'counts')
  const command = args.map((arg) => (arg.endsWith('.mjs') ? join(folder, 'test', 'children', arg) : arg))
  const failed = await outputOf(process.execPath, command, {
    env: { ...environment, MI_LIVE_ALLOCATIONS: counts },
  }).then(
    () => [],
    (error) => [String(error)],
  )
  const lines = existsSync(counts) ? (await readFile(counts, 'utf8')).trim().split('\n') : []
  await rm(counts, { force: true })
  // A line for each process: allocations that are not freed, and all.
  const [live, total] = [0, 1].map((at) => lines.reduce((sum, line) => sum + Number(line.split(' ')[at]), 0))
  console.log(`${name}: ${total} allocations, ${live} not freed`)
  return live === 0 && total !== 0 ? failed : [...failed, `${name}: ${live} of ${total} allocations were not freed`]
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
