import { errorCode, errorText } from './error-text.js'

/** All that `@mi/posix` exports. A package takes the part it uses: `Pick<Posix, 'mkfifo' | 'writeFifo'>`. */
export type Posix = typeof import('@mi/posix')

/** `@mi/posix`, or why it cannot be used. */
export type PosixSearch =
  | { readonly posix: Posix; readonly reason?: undefined }
  | {
      readonly posix?: undefined
      /** For messages. */
      readonly reason: string
      /** Whether the package is not installed at all. */
      readonly isAbsent: boolean
      readonly cause?: unknown
    }

/** Finds `@mi/posix`: `findPosix`, or another way in a test. */
export type FindPosix = () => Promise<PosixSearch>

/**
 * Looks for `@mi/posix`, an optional peer dependency. Never rejects: a caller that can do without goes on, one that cannot
 * gives the reason.
 * @param load how the package is loaded
 */
export async function findPosix(load: () => Promise<Posix> = () => import('@mi/posix')): Promise<PosixSearch> {
  try {
    const posix = await load()
    const support = posix.posixSupport()
    return support.native ? { posix } : { reason: support.reason, isAbsent: false }
  } catch (cause) {
    return { reason: errorText(cause), isAbsent: isAbsent(cause), cause }
  }
}

/** False where it is there but lacks a file or a package of its own. */
function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ERR_MODULE_NOT_FOUND' && errorText(error).includes("package '@mi/posix'")
}
