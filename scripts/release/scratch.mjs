import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs work that has a temporary directory of its own, which is gone afterwards however the work ends. Ctrl-C and SIGTERM end the
 * command that runs just then; its failure ends the work, and nothing is left lying about.
 * @template T
 * @param {string} name of the directory, before its random part
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withScratch(name, work) {
  const stay = () => {}
  process.on('SIGINT', stay).on('SIGTERM', stay)
  const folder = await mkdtemp(join(tmpdir(), `${name}-`))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
    process.off('SIGINT', stay).off('SIGTERM', stay)
  }
}
