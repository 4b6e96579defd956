import { execFile } from 'node:child_process'
import { closeSync, constants, lstatSync, openSync, statSync, unlinkSync } from 'node:fs'
import { promisify } from 'node:util'
import { MiError } from '@mi/contract'
import { errorCode } from '@mi/internal/error-text'
import { type ListenFile, listenError } from '@mi/internal/listen-error'
import { type FileAccess, type FileIdentity, removeStale, setAccess } from '@mi/internal/listen-file'
import type { Posix } from './posix.js'

const run = promisify(execFile)

/** What a new FIFO file is to be. */
export interface FifoFileOptions extends FileAccess {
  readonly path: string
  /** That of `@mi/posix`. Undefined: the utility of this name. */
  readonly mkfifo: Posix['mkfifo'] | undefined
}

/** A FIFO file that this process has made and holds open. */
export interface FifoFile extends FileIdentity {
  /** Open for reading without blocking; it stays readable while no client holds the other end. */
  readonly fd: number
}

/**
 * Makes the FIFO and opens it; a FIFO that is there already is replaced.
 * @throws MiError `MI_LISTEN` saying what, where and how to mend it; nothing new is left behind then
 */
export async function createFifo(options: FifoFileOptions): Promise<FifoFile> {
  const { path, mkfifo } = options
  const file: ListenFile = { kind: 'FIFO', path, option: 'fifoName' }
  await removeStale(file)
  await makeFifo(file, mkfifo)
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    return { fd, ...setAccess(file, options, fd) }
  } catch (cause) {
    if (fd !== undefined) closeSync(fd)
    // What somebody has put in its place is left alone.
    if (lstatSync(path, { throwIfNoEntry: false })?.isFIFO() === true) unlinkSync(path)
    throw cause instanceof MiError ? cause : listenError(file, 'open', cause)
  }
}

/**
 * @param path ends with a slash
 * @throws MiError `MI_LISTEN` for a replyDir that is missing, no directory, or closed to this process
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
  if (errorCode(cause) === 'ENOENT') return `it does not exist; create it (mkdir ${path}) or name another one`
  if (errorCode(cause) === 'ENOTDIR') return 'it is no directory; name one'
  const message = cause instanceof Error ? cause.message : String(cause)
  return `cannot look into it: ${message}; this process (uid ${process.getuid?.()}) must be allowed to`
}

/** Neither way takes a path that exists, so nobody's file is overwritten; until owner and mode are set, it is ours alone. */
async function makeFifo(file: ListenFile, mkfifo: FifoFileOptions['mkfifo']): Promise<void> {
  const { path } = file
  try {
    if (mkfifo !== undefined) mkfifo(path, 0o600)
    else await run('mkfifo', ['-m', '600', '--', path], { env: { PATH: process.env.PATH, LC_ALL: 'C' } })
  } catch (cause) {
    if (mkfifo !== undefined || errorCode(cause) !== 'ENOENT') throw listenError(file, 'create', cause)
    const advice = 'install it (coreutils), or @mi/posix (npm install @mi/posix), which does without'
    throw new MiError('MI_LISTEN', `cannot create ${path}: the utility mkfifo is not in PATH; ${advice}`, { cause })
  }
}
