import { randomUUID } from 'node:crypto'
import { lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MiError, type MiLogger } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import { checkFile, type FileChecks } from '@mi/internal/file-checks'
import { type ListenFile, listenError, sharedDirectory } from '@mi/internal/listen-error'
import {
  type FileAccess,
  type FileIdentity,
  hasAccess,
  isInPlace,
  removeIfInPlace,
  removeStale,
  setAccess,
} from '@mi/internal/listen-file'
import { ownerId } from '@mi/internal/owner-id'
import { type DatagramAddress, openDatagram } from '@mi/posix'
import type { ResolvedDatagramOptions } from './options.js'

/** How long clients that are connected to a socket whose file is gone are still served, in milliseconds. */
const RETIRED_MS = 5_000

/** Something that listens, here or in child processes. */
export interface Serving {
  /** Takes no new requests, sends the replies still owed, and closes the socket. May be called again. */
  close(): Promise<void>
}

/**
 * Opens a socket and begins to serve it.
 * @param onBound called once the socket is bound, before other processes serve it; what it throws closes everything again
 */
export type OpenSocket = (address: DatagramAddress, onBound: () => void) => Promise<Serving>

type FileOptions = Pick<
  ResolvedDatagramOptions,
  'socketName' | 'unixSocketMode' | 'unixSocketUser' | 'unixSocketGroup' | 'checkIntervalMs'
>

/** @throws MiError `MI_LISTEN`; `MI_UNSUPPORTED` where the native part of @mi/posix is missing */
export async function listenOnUnix(
  options: FileOptions,
  path: string,
  open: OpenSocket,
  log: MiLogger,
): Promise<Serving> {
  const { unixSocketUser, unixSocketGroup, unixSocketMode } = options
  const access: FileAccess = {
    mode: unixSocketMode,
    uid: unixSocketUser === undefined ? undefined : await ownerId('user', unixSocketUser, 'unixSocketUser'),
    gid: unixSocketGroup === undefined ? undefined : await ownerId('group', unixSocketGroup, 'unixSocketGroup'),
  }
  const file: ListenFile = { kind: 'UNIX socket', path, option: 'socketName' }
  const make = (): Promise<Served> => bind(file, access, open)
  const served = await make()
  const directory = sharedDirectory(path)
  if (directory !== undefined) {
    const advice = 'choose a socketName in a directory of this service, such as /run/myapp'
    log.warn({ directory }, `every user may take the place of the socket file; ${advice}`)
  }
  return new UnixServer(file, served, make, options.checkIntervalMs, log)
}

/** A socket file, and what serves it. */
interface Served {
  readonly serving: Serving
  readonly identity: FileIdentity
  /** As it must stay, with the owner that the file got. */
  readonly access: FileAccess
}

/** Makes the file and begins to serve it. Until owner and mode are set it is this user's alone. */
async function bind(file: ListenFile, access: FileAccess, open: OpenSocket): Promise<Served> {
  const { path } = file
  let identity: FileIdentity | undefined
  let given = access
  try {
    await removeStale(file, isAlive)
    const serving = await open({ type: 'unix', path }, () => {
      const made = lstatSync(path)
      identity = made
      given = { mode: access.mode, uid: access.uid ?? made.uid, gid: access.gid ?? made.gid }
      identity = setAccess(file, access)
    })
    return { serving, identity: identity ?? lstatSync(path), access: given }
  } catch (cause) {
    if (identity !== undefined) removeIfInPlace(path, identity)
    if (cause instanceof MiError) throw cause
    throw unavailable(path, cause) ?? listenError(file, 'create', cause)
  }
}

/** @mi/posix has no native part here, which UNIX sockets need. */
function unavailable(path: string, cause: unknown): MiError | undefined {
  if (errorCode(cause) !== 'ERR_POSIX_UNAVAILABLE') return undefined
  return new MiError(
    'MI_UNSUPPORTED',
    `cannot listen on ${path}: UNIX datagram sockets need native code, and ${errorText(cause)}; or serve MI over UDP`,
    { cause },
  )
}

/**
 * Whether a process has the socket of this path open. It connects to it, which the other end does not notice.
 * @throws Error of the system when it cannot be known
 */
async function isAlive(path: string): Promise<boolean> {
  // An abstract name leaves no file behind; other systems than Linux need a directory of our own.
  const directory = process.platform === 'linux' ? undefined : mkdtempSync(join(tmpdir(), 'mi-probe-'))
  const name = directory === undefined ? `\0mi-probe-${randomUUID()}` : join(directory, 'probe')
  try {
    const probe = await openDatagram({ bind: { type: 'unix', path: name }, connect: { type: 'unix', path } })
    probe.close()
    return true
  } catch (error) {
    // Somebody has it open: a socket of another type, or (EPERM) one that is connected to another.
    if (errorCode(error) === 'EPROTOTYPE' || errorCode(error) === 'EPERM') return true
    if (errorCode(error) === 'ECONNREFUSED' || errorCode(error) === 'ENOENT') return false
    throw error
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
  }
}

/** Serves a socket and checks its file meanwhile. */
class UnixServer implements Serving {
  /** Serves clients that are connected to the file that was in place before. */
  private retired: Serving | undefined
  private retireTimer: NodeJS.Timeout | undefined
  private closing: Promise<void> | undefined
  private readonly checks: FileChecks

  constructor(
    private readonly file: ListenFile,
    private served: Served,
    private readonly make: () => Promise<Served>,
    checkIntervalMs: number,
    private readonly log: MiLogger,
  ) {
    this.checks = checkFile(() => this.check(), checkIntervalMs)
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  private async closeOnce(): Promise<void> {
    const checked = this.checks.close()
    // First: a client that comes now is refused at once, rather than waiting for a reply.
    this.remove()
    const closed = this.served.serving.close()
    await checked
    // A check may have made it anew meanwhile.
    this.remove()
    await Promise.all([closed, this.served.serving.close(), this.retire(undefined)])
  }

  private remove(): void {
    try {
      removeIfInPlace(this.file.path, this.served.identity)
    } catch (err) {
      this.log.error({ socket: this.file.path, err }, 'the socket file could not be removed')
    }
  }

  /**
   * Makes the file anew when it is gone or a dead socket is in its place, and sets owner and mode again when somebody has
   * changed them. Anything else that is in its place is left alone.
   */
  private async check(): Promise<void> {
    const { file, log, served } = this
    const { path } = file
    try {
      if (this.closing !== undefined) return
      if (isInPlace(path, served.identity)) {
        if (hasAccess(path, served.access)) return
        log.warn({ socket: path }, 'somebody changed owner or mode of the socket file; setting them again')
        setAccess(file, served.access, undefined, served.identity)
        return
      }
      log.warn({ socket: path }, 'the socket file is gone or no longer ours; making it anew')
      this.served = await this.make()
      await this.retire(served.serving)
    } catch (err) {
      log.error({ socket: path, err }, 'the socket file could not be restored; trying again at the next check')
    }
  }

  /** Closes what was retired before, and what is retired now a little later. */
  private async retire(serving: Serving | undefined): Promise<void> {
    clearTimeout(this.retireTimer)
    const before = this.retired
    this.retired = serving
    if (serving !== undefined) this.retireTimer = setTimeout(() => void this.retire(undefined), RETIRED_MS)
    await before?.close()
  }
}
