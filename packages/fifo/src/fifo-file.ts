import { execFile } from 'node:child_process'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { MiError } from '@mi/contract'

const run = promisify(execFile)

/** What a new FIFO file is to be. */
export interface FifoFileOptions {
  readonly path: string
  readonly mode: number
  /** Undefined: that of the process. */
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** A FIFO file that this process has made and holds open. */
export interface FifoFile {
  /** Open for reading without blocking; it stays readable while no client holds the other end. */
  readonly fd: number
  readonly dev: number
  readonly ino: number
}

/**
 * Makes the FIFO and opens it; a FIFO that is there already is replaced.
 * @throws MiError `MI_LISTEN` saying what, where and how to mend it; nothing new is left behind then
 */
export async function createFifo(options: FifoFileOptions): Promise<FifoFile> {
  const { path } = options
  removeStale(path)
  await makeFifo(path)
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const made = fstatSync(fd)
    if (!made.isFIFO()) throw new MiError('MI_LISTEN', `${path} was replaced by something else while it was being made`)
    setOwner(fd, options)
    // After the owner, and on the descriptor: exact whatever the umask, and of no other file.
    fchmodSync(fd, options.mode)
    return { fd, dev: made.dev, ino: made.ino }
  } catch (cause) {
    if (fd !== undefined) closeSync(fd)
    unlinkSync(path)
    throw cause instanceof MiError ? cause : new MiError('MI_LISTEN', explain(`open ${path}`, path, cause), { cause })
  }
}

/** Whether the path still leads to this FIFO. */
export function isInPlace(path: string, { dev, ino }: FifoFile): boolean {
  const found = look(path)
  return found !== undefined && found.dev === dev && found.ino === ino
}

/** Removes the file, if it is still ours. */
export function removeFifo(path: string, file: FifoFile): void {
  if (isInPlace(path, file)) unlinkSync(path)
}

/** @throws MiError `MI_LISTEN` for a replyDir that is missing, no directory, or closed to this process */
export function assertReplyDir(path: string): void {
  let stats: Stats
  try {
    stats = statSync(path)
  } catch (cause) {
    const hint = codeOf(cause) === 'ENOENT' ? `it does not exist; create it (mkdir ${path}) or name another one` : ''
    throw new MiError('MI_LISTEN', `replyDir ${path}: ${hint || explain('look at it', path, cause)}`, { cause })
  }
  if (!stats.isDirectory()) throw new MiError('MI_LISTEN', `replyDir ${path} is no directory; name one`)
}

function removeStale(path: string): void {
  let found: Stats | undefined
  try {
    found = look(path)
    if (found === undefined) return
    if (!found.isFIFO()) {
      throw new MiError(
        'MI_LISTEN',
        `${path} exists and is no FIFO; it is left alone: remove it yourself or choose another fifoName`,
      )
    }
    unlinkSync(path)
  } catch (cause) {
    if (cause instanceof MiError) throw cause
    throw new MiError('MI_LISTEN', explain(`replace ${path}`, path, cause), { cause })
  }
}

async function makeFifo(path: string): Promise<void> {
  try {
    // Node.js cannot make a FIFO. The utility refuses a path that exists, so nobody's file is overwritten; until the
    // owner and mode are set, it is ours alone.
    await run('mkfifo', ['-m', '600', '--', path], { env: { PATH: process.env.PATH, LC_ALL: 'C' } })
  } catch (cause) {
    throw new MiError('MI_LISTEN', explain(`create ${path}`, path, cause), { cause })
  }
}

function setOwner(fd: number, { path, uid, gid }: FifoFileOptions): void {
  if (uid === undefined && gid === undefined) return
  try {
    // -1 leaves one of them as it is; Node.js takes it as an unsigned number.
    fchownSync(fd, uid ?? 0xffffffff, gid ?? 0xffffffff)
  } catch (cause) {
    const hint = 'only root may give a file to another user, or to a group that this process is not in'
    throw new MiError('MI_LISTEN', `cannot set the owner of ${path}: ${messageOf(cause)}; ${hint}`, { cause })
  }
}

/** Without following a link: a link is something else than our FIFO. Undefined: there is nothing. */
function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

/** What failed, why, and how to mend it. */
function explain(action: string, path: string, cause: unknown): string {
  const directory = dirname(path)
  return `cannot ${action}: ${messageOf(cause)}${hintFor(directory)}`
}

function hintFor(directory: string): string {
  const stats = statSync(directory, { throwIfNoEntry: false })
  if (stats === undefined) return `; the directory ${directory} does not exist: create it or choose another fifoName`
  if (!stats.isDirectory()) return `; ${directory} is no directory: choose another fifoName`
  const sticky = (stats.mode & 0o1000) !== 0
  if (!sticky) return `; this process (uid ${process.getuid?.()}) must be allowed to write in ${directory}`
  const rule = protectedFifos()
  return (
    `; ${directory} is sticky (mode ${(stats.mode & 0o7777).toString(8)}): only a file's owner may replace it there, and ` +
    `with fs.protected_fifos (here ${rule ?? 'unknown'}) the kernel refuses FIFOs of other users; ` +
    'choose a fifoName in a directory of your own, such as /run/myapp/mi_fifo'
  )
}

/** The kernel's setting; undefined where there is none (macOS, old kernels). */
export function protectedFifos(): number | undefined {
  try {
    return Number(readFileSync('/proc/sys/fs/protected_fifos', 'utf8'))
  } catch {
    // No such setting: nothing to warn of.
    return undefined
  }
}

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
}

function messageOf(cause: unknown): string {
  if (typeof cause === 'object' && cause !== null && 'stderr' in cause && cause.stderr)
    return String(cause.stderr).trim()
  return cause instanceof Error ? cause.message : String(cause)
}
