import { errorCode } from './error-code.js'

/** What is used of `@mi/posix`. */
export type Posix = Pick<typeof import('@mi/posix'), 'mkfifo' | 'openDatagram' | 'posixSupport'>

/** `@mi/posix`, or why it cannot be used. */
export type PosixSearch =
  | { readonly posix: Posix; readonly reason?: undefined }
  | {
      readonly posix?: undefined
      /** For messages. */
      readonly reason: string
      /** Whether the package is not there at all. */
      readonly isAbsent: boolean
      readonly cause?: unknown
    }

/** Finds `@mi/posix`, an optional dependency: `findPosix`, or another way in a test. */
export type FindPosix = () => Promise<PosixSearch>

/**
 * Looks for `@mi/posix` as it is installed, which it need not be. Never rejects: what does without it goes on, what
 * cannot says why.
 * @param load how the package is loaded
 */
export async function findPosix(load: () => Promise<Posix> = () => import('@mi/posix')): Promise<PosixSearch> {
  try {
    const posix = await load()
    const support = posix.posixSupport()
    return support.native ? { posix } : { reason: support.reason, isAbsent: false }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return { reason, isAbsent: errorCode(cause) === 'ERR_MODULE_NOT_FOUND', cause }
  }
}
