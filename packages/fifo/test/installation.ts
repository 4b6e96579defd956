import { chmodSync, cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from './support.js'

const packages = fileURLToPath(new URL('../..', import.meta.url))

/** A directory in which the built package is installed, with or without `@mi/posix`, for processes of any user. */
export function installation(...others: readonly 'posix'[]): string {
  const directory = temporaryDirectory()
  const scope = join(directory, 'node_modules', '@mi')
  mkdirSync(scope, { recursive: true })
  for (const name of ['contract', 'core', ...others]) symlinkSync(join(packages, name), join(scope, name))
  // A copy, since a link would lead back to what is installed in this repository.
  for (const part of ['dist', 'package.json']) {
    cpSync(join(packages, 'fifo', part), join(scope, 'fifo', part), { recursive: true })
  }
  chmodSync(directory, 0o755)
  return directory
}
