import type { MiLogger } from '@mi/contract'

/** What this package takes of `@mi/posix`: many datagrams by one call. */
export type Posix = Pick<typeof import('@mi/posix'), 'openDatagram'>

const UNUSABLE = '@mi/posix is installed but cannot be used: HEP over UDP goes out by node:dgram, which is slower'

/**
 * `@mi/posix`, if it is installed. What it does, node:dgram does too, only slower.
 * @param log is told of a package that is there and cannot be used
 */
export async function installedPosix(log: Pick<MiLogger, 'warn'>): Promise<Posix | undefined> {
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

/** Not when it is there but lacks a file or a package of its own. */
function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes("package '@mi/posix'")
  )
}
