import { execFile } from 'node:child_process'
import { closeSync, constants, lstatSync, openSync, type Stats, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import { type ListenFile, listenError } from '@mi/internal/listen-error'
import {
  type FileAccess,
  type FileIdentity,
  hasAccess,
  isInPlace,
  removeIfInPlace,
  removeStale,
  setAccess,
} from '@mi/internal/listen-file'
import type { Posix } from '@mi/internal/optional-posix'

const run = promisify(execFile)

/** What a new FIFO file is to be. */
export interface FifoFileOptions extends FileAccess {
  readonly path: string
  /** That of `@mi/posix`. Undefined: the utility of this name. */
  readonly mkfifo: Posix['mkfifo'] | undefined
}

/** A FIFO file that this process has made and holds open. */
export interface FifoFile extends FileIdentity {
  readonly path: string
  /** As asked for; the owner that was left open is the one that the file has. */
  readonly access: FileAccess
  /** Open for reading without blocking; it stays readable while no client holds the other end. */
  readonly fd: number
}

/**
 * Makes the FIFO and opens it; a FIFO that was left behind is replaced.
 * @param before the one that this server had there: it may be replaced though it is still read
 * @throws MiError `MI_LISTEN` saying what, where and how to fix it; nothing new is left behind then
 */
export async function createFifo(options: FifoFileOptions, before?: FileIdentity): Promise<FifoFile> {
  const { path, mkfifo } = options
  const file = listenFile(path)
  await removeStale(file, async () => !(before && isInPlace(path, before)) && hasReader(path))
  await makeFifo(file, mkfifo)
  let made: Stats | undefined
  let fd: number | undefined
  try {
    made = lstatSync(path)
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const { dev, ino } = setAccess(file, options, fd, made)
    const access = { mode: options.mode, uid: options.uid ?? made.uid, gid: options.gid ?? made.gid }
    return { path, access, fd, dev, ino }
  } catch (cause) {
    if (fd !== undefined) closeSync(fd)
    // What somebody has put in its place is left alone.
    if (made?.isFIFO() === true) removeIfInPlace(path, made)
    throw cause instanceof MiError ? cause : listenError(file, 'open', cause)
  }
}

/**
 * Sets owner and mode again where somebody has changed them.
 * @returns whether somebody had
 * @throws MiError `MI_LISTEN` when that cannot be done
 */
export function restoreAccess({ path, access, fd, ...identity }: FifoFile): boolean {
  if (hasAccess(path, access)) return false
  setAccess(listenFile(path), access, fd, identity)
  return true
}

/**
 * @param path ends with a slash
 * @throws MiError `MI_LISTEN` for a replyDir that is missing, not a directory, or closed to this process
 */
export function assertReplyDir(path: string): void {
  try {
    // Of a directory that is closed to this process, the directory itself is seen, but nothing in it.
    statSync(`${path}.`)
  } catch (cause) {
    throw new MiError('MI_LISTEN', `replyDir ${path}: ${replyDirHint(path, cause)}`, { cause })
  }
}

function replyDirHint(path: string, cause: unknown): string {
  if (errorCode(cause) === 'ENOENT') return `it does not exist; create it (mkdir ${path}) or choose another directory`
  if (errorCode(cause) === 'ENOTDIR') return 'it is not a directory; choose a directory'
  return `cannot look into it: ${errorText(cause)}; this process (uid ${process.getuid?.()}) must be allowed to`
}

function listenFile(path: string): ListenFile {
  return { kind: 'FIFO', path, option: 'fifoName' }
}

/** Whether a process has the FIFO open for reading, as a server that lives does. */
function hasReader(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW))
    return true
  } catch {
    // ENXIO: nobody reads it. Any other error: this process cannot know, and replacing it will fail or not.
    return false
  }
}

/** Neither way takes a path that exists, so nobody's file is overwritten; until owner and mode are set, it is ours alone. */
async function makeFifo(file: ListenFile, mkfifo: FifoFileOptions['mkfifo']): Promise<void> {
  const { path } = file
  try {
    if (mkfifo !== undefined) mkfifo(path, 0o600)
    else await run('mkfifo', ['-m', '600', '--', path], { env: { PATH: process.env.PATH, LC_ALL: 'C' } })
  } catch (cause) {
    if (mkfifo !== undefined || errorCode(cause) !== 'ENOENT') throw listenError(file, 'create', cause)
    const advice = 'install it (coreutils), or install @mi/posix (npm install @mi/posix), which does not need it'
    throw new MiError('MI_LISTEN', `cannot create ${path}: the utility mkfifo is not in PATH; ${advice}`, { cause })
  }
}
