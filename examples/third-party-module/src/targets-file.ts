import { readFile, rename, writeFile } from 'node:fs/promises'
import { formatTargets, parseTargets, type Target } from './targets.js'

/**
 * The targets of a file; none when there is no such file yet.
 * @throws Error that names the file, when it cannot be read or a line of it is wrong
 */
export async function readTargets(path: string): Promise<Target[]> {
  try {
    return parseTargets(await readFile(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw new Error(`cannot read the targets of ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** Replaces the file as a whole: a reader, or a start after a crash, finds the old targets or the new ones. */
export async function writeTargets(path: string, targets: Iterable<Target>): Promise<void> {
  await writeFile(`${path}.new`, formatTargets(targets), { mode: 0o600 })
  await rename(`${path}.new`, path)
}
