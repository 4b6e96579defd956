import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { MiError } from '@mi/contract'
import { errorCode, errorText } from './error-text.js'

/** A file that a server listens on, and what its errors call it. */
export interface ListenFile {
  readonly kind: 'FIFO' | 'UNIX socket'
  readonly path: string
  /** Name of the option that chose the path, for messages: `fifoName`, `socketName`. */
  readonly option: string
}

/**
 * `MI_LISTEN`: what failed, why, and how to fix it.
 * @param action what was tried, such as `create`; the path follows it
 */
export function listenError(file: ListenFile, action: string, cause: unknown): MiError {
  return new MiError('MI_LISTEN', `cannot ${action} ${file.path}: ${errorText(cause)}${hintFor(file, cause)}`, {
    cause,
  })
}

/**
 * The directory of the file, if everyone may write in it.
 * @param path absolute; its directory exists
 */
export function sharedDirectory(path: string): string | undefined {
  const directory = dirname(path)
  try {
    return (statSync(directory).mode & 0o002) === 0 ? undefined : directory
  } catch {
    // Gone meanwhile, or closed to this process: nothing is known of it.
    return undefined
  }
}

function hintFor({ path, option }: ListenFile, cause: unknown): string {
  const directory = dirname(path)
  let stats: Stats
  try {
    stats = statSync(directory)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT')
      return `; the directory ${directory} does not exist: create it or choose another ${option}`
    // Something above it is not a directory, or closed to this process. `throwIfNoEntry: false` hides the former from Node.js 24 on.
    return `; the directory ${directory} cannot be read (${errorText(cause)}): choose another ${option}`
  }
  if (!stats.isDirectory()) return `; ${directory} is not a directory: choose another ${option}`
  if (!mayBePermission(cause)) return ''
  const sticky = (stats.mode & 0o1000) !== 0
  if (!sticky) return `; this process (uid ${process.getuid?.()}) must be allowed to write in ${directory}`
  return (
    `; ${directory} is sticky (mode ${(stats.mode & 0o7777).toString(8)}): only a file's owner may replace it there; ` +
    `choose a ${option} in a directory of your own, such as /run/myapp/mi`
  )
}

/** A utility's exit status says nothing of permissions. */
function mayBePermission(cause: unknown): boolean {
  const code = errorCode(cause)
  return typeof code !== 'string' || code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
}
