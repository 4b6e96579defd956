import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { MiError } from '@mi/contract'
import { errorText } from './error-text.js'
import { type ListenFile, listenError } from './listen-error.js'

/** Who may use a file. */
export interface FileAccess {
  /** Permission bits, exact whatever the umask. */
  readonly mode: number
  /** Undefined: that of the process. */
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** Tells a file from another one under the same path. */
export interface FileIdentity {
  readonly dev: number
  readonly ino: number
}

/**
 * Removes what an earlier server left behind under the path; does nothing when there is nothing. A file of another kind, a
 * link included, is left alone.
 * @param isAlive whether a server still listens on the file. Left out, the file is replaced without asking, as FIFOs are.
 * @throws MiError `MI_LISTEN` for a file of another kind, one that is in use, or one that may not be removed
 */
export async function removeStale(
  file: ListenFile,
  isAlive?: ((path: string) => Promise<boolean>) | undefined,
): Promise<void> {
  const { kind, path, option } = file
  try {
    const found = look(path)
    if (found === undefined) return
    if (!isOfKind(found, kind)) {
      const advice = `it is left alone: remove it yourself or choose another ${option}`
      throw new MiError('MI_LISTEN', `${path} exists and is not a ${kind}; ${advice}`)
    }
    if ((await isAlive?.(path)) === true) {
      const advice = `stop that process or choose another ${option}`
      throw new MiError('MI_LISTEN', `${noun(kind)} ${path} is in use by another process; ${advice}`)
    }
    // What took its place while the answer was waited for may be alive.
    removeIfInPlace(path, found)
  } catch (cause) {
    throw cause instanceof MiError ? cause : listenError(file, 'replace', cause)
  }
}

/**
 * Gives a new file its owner and then its mode: before that, it must be its maker's alone (mode 0600).
 * @param fd the open file; left out, the file under the path is meant, and a link there is not followed
 * @param known the file that it must be, where it was made earlier
 * @returns the identity of the file
 * @throws MiError `MI_LISTEN` when the path leads to something else by now, or owner or mode cannot be set
 */
export function setAccess(
  file: ListenFile,
  access: FileAccess,
  fd?: number | undefined,
  known?: FileIdentity | undefined,
): FileIdentity {
  const { kind, path } = file
  let pinned: number | undefined
  try {
    pinned = fd === undefined ? pin(path) : undefined
    const open = fd ?? pinned
    const found = open === undefined ? lstatSync(path) : fstatSync(open)
    // A file with a second name may be somebody else's.
    if (!isOfKind(found, kind) || found.nlink > 1 || (known !== undefined && !isSame(found, known))) {
      throw new MiError('MI_LISTEN', `${path} was replaced by something else meanwhile`)
    }
    const target = fd ?? (pinned === undefined ? path : `/proc/self/fd/${pinned}`)
    setOwner(target, file, access)
    // After the owner: a change of owner may take bits away, and nobody else gets in before.
    if (typeof target === 'number') fchmodSync(target, access.mode)
    else chmodSync(target, access.mode)
    return { dev: found.dev, ino: found.ino }
  } catch (cause) {
    throw cause instanceof MiError ? cause : listenError(file, 'set the mode of', cause)
  } finally {
    if (pinned !== undefined) closeSync(pinned)
  }
}

/** Whether the path still leads to this file. */
export function isInPlace(path: string, file: FileIdentity): boolean {
  const found = look(path)
  return found !== undefined && isSame(found, file)
}

/** Whether nobody has changed owner or mode of the file under the path. An owner that is undefined may be anyone. */
export function hasAccess(path: string, { mode, uid, gid }: FileAccess): boolean {
  const found = lstatSync(path)
  return (found.mode & 0o7777) === mode && (uid ?? found.uid) === found.uid && (gid ?? found.gid) === found.gid
}

/** Removes the file, if it is still this one. */
export function removeIfInPlace(path: string, file: FileIdentity): void {
  if (isInPlace(path, file)) unlinkSync(path)
}

/**
 * Opens a file for no use but to hold on to it (O_PATH of Linux): a socket file cannot be opened otherwise. Through
 * /proc/self/fd it is then this file that is changed, whatever happens to its path.
 */
function pin(path: string): number | undefined {
  if (process.platform !== 'linux' || !existsSync('/proc/self/fd')) return undefined
  return openSync(path, O_PATH | constants.O_NOFOLLOW)
}

/** Node.js has no name for it. The same number on every processor that Node.js runs on. */
const O_PATH = 0o10000000

function setOwner(target: number | string, { path }: ListenFile, { uid, gid }: FileAccess): void {
  if (uid === undefined && gid === undefined) return
  try {
    // -1 leaves one of them as it is; Node.js takes it as an unsigned number.
    const owner = [uid ?? 0xffffffff, gid ?? 0xffffffff] as const
    if (typeof target === 'number') fchownSync(target, ...owner)
    else chownSync(target, ...owner)
  } catch (cause) {
    const hint = 'only root may give a file to another user, or to a group that this process is not in'
    throw new MiError('MI_LISTEN', `cannot set the owner of ${path}: ${errorText(cause)}; ${hint}`, { cause })
  }
}

/** Without following a link: a link is something else than our file. Undefined: there is nothing. */
function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

function isSame(a: FileIdentity, b: FileIdentity): boolean {
  return a.dev === b.dev && a.ino === b.ino
}

function isOfKind(stats: Stats, kind: ListenFile['kind']): boolean {
  return kind === 'FIFO' ? stats.isFIFO() : stats.isSocket()
}

function noun(kind: ListenFile['kind']): string {
  return kind === 'FIFO' ? 'FIFO' : 'socket'
}
