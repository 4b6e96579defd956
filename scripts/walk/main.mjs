import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { paths } from './sides.mjs'

// npm run walk [-- --check] [-- WORD]: the source files that one warm request enters, for each path whose name has the word.
// With --check the exit status is 1 when a path enters more files than its limit.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false } },
})

for (const [name, { limit }] of Object.entries(paths)) {
  if (!positionals.every((word) => name.toLowerCase().includes(word.toLowerCase()))) continue
  const program = fileURLToPath(new URL('path.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program, name])
  /** @type {string[]} */
  const files = JSON.parse(stdout)
  const tooMany = files.length > limit
  console.log(`${name}: ${files.length} files, limit ${limit}${tooMany ? ' EXCEEDED' : ''}`)
  console.log(files.map((file) => `  ${file}`).join('\n'))
  if (tooMany && values.check) process.exitCode = 1
}
