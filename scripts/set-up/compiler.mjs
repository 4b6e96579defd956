import { missingTools } from '../../packages/posix/toolchain.mjs'
import { installPackages } from './apt.mjs'

/**
 * Makes sure that the addon of @mi/posix can be compiled: installs what is missing, where that is possible.
 * @throws {Failure} where it is not, saying what to install
 */
export async function ensureCompiler() {
  // There the addon is not built at all.
  if (process.platform === 'win32') return
  const missing = missingTools()
  if (missing.length === 0) return
  await installPackages(['gcc', 'libc6-dev', 'make', 'python3'], `Building @mi/posix needs ${missing.join(', ')}`)
}
