import type { MiLogger } from '@mi/contract'

/** What this package takes of `@mi/posix`: replies in one call, FIFOs without a process. */
export type Posix = Pick<typeof import('@mi/posix'), 'mkfifo' | 'writeFifo'>

/**
 * `@mi/posix`, if it is installed. What it does, node:fs and the utility `mkfifo` do too, only slower.
 * @param log is told of a package that is there and cannot be used
 */
export async function installedPosix(log: MiLogger): Promise<Posix | undefined> {
  try {
    const posix = await import('@mi/posix')
    const support = posix.posixSupport()
    if (support.native) return posix
    log.warn({ reason: support.reason }, `${UNUSABLE}; see the reason`)
  } catch (err) {
    if (!isAbsent(err)) log.warn({ err }, `${UNUSABLE}; install it anew`)
  }
  return undefined
}

const UNUSABLE = '@mi/posix is installed but cannot be used: FIFO replies go out by node:fs, which is slower'

/** Not when it is there but lacks a file or a package of its own. */
function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes("package '@mi/posix'")
  )
}
