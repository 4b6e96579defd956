import { randomUUID } from 'node:crypto'
import { lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MiError, type MiLogger } from '@mi/contract'
import { errorCode } from '@mi/internal/error-text'
import { checkFile, type FileChecks } from '@mi/internal/file-checks'
import { type ListenFile, listenError } from '@mi/internal/listen-error'
import {
  type FileAccess,
  type FileIdentity,
  isInPlace,
  removeIfInPlace,
  removeStale,
  setAccess,
} from '@mi/internal/listen-file'
import { ownerId } from '@mi/internal/owner-id'
import { openDatagram } from '@mi/posix'
import { unavailableError } from './listen-errors.js'
import type { ResolvedDatagramOptions } from './options.js'
import type { OpenStation, Station } from './station.js'

/** How long clients that are connected to a socket whose file is gone are still served, in milliseconds. */
const RETIRED_MS = 5_000

type FileOptions = Pick<
  ResolvedDatagramOptions,
  'socketName' | 'unixSocketMode' | 'unixSocketUser' | 'unixSocketGroup' | 'checkIntervalMs'
>

/** @throws MiError `MI_LISTEN`; `MI_UNSUPPORTED` where the native part of @mi/posix is missing */
export async function listenOnFile(
  options: FileOptions,
  path: string,
  open: OpenStation,
  log: MiLogger,
): Promise<{ close(): Promise<void> }> {
  const { unixSocketUser, unixSocketGroup, unixSocketMode } = options
  const access: FileAccess = {
    mode: unixSocketMode,
    uid: unixSocketUser === undefined ? undefined : await ownerId('user', unixSocketUser, 'unixSocketUser'),
    gid: unixSocketGroup === undefined ? undefined : await ownerId('group', unixSocketGroup, 'unixSocketGroup'),
  }
  const file: ListenFile = { kind: 'UNIX socket', path, option: 'socketName' }
  const make = (): Promise<Served> => bind(file, access, open)
  return new SocketFile(path, await make(), make, options.checkIntervalMs, log)
}

/** A file, and the station behind it. */
interface Served {
  readonly station: Station
  readonly identity: FileIdentity
}

/** Makes the file and has it served. Until owner and mode are set it is this user's alone. */
async function bind(file: ListenFile, access: FileAccess, open: OpenStation): Promise<Served> {
  const { path } = file
  let identity: FileIdentity | undefined
  try {
    await removeStale(file, isAlive)
    const station = await open({ type: 'unix', path }, () => {
      identity = lstatSync(path)
      identity = setAccess(file, access)
    })
    return { station, identity: identity ?? lstatSync(path) }
  } catch (cause) {
    if (identity !== undefined) removeIfInPlace(path, identity)
    if (cause instanceof MiError) throw cause
    throw unavailableError(path, cause) ?? listenError(file, 'create', cause)
  }
}

/**
 * Whether a process has the socket of this path open. Asked by connecting to it, which the other end does not notice.
 * @throws Error of the system when it cannot be told
 */
async function isAlive(path: string): Promise<boolean> {
  // An abstract name leaves no file behind; elsewhere than on Linux it takes a directory of our own.
  const directory = process.platform === 'linux' ? undefined : mkdtempSync(join(tmpdir(), 'mi-probe-'))
  const name = directory === undefined ? `\0mi-probe-${randomUUID()}` : join(directory, 'probe')
  try {
    const probe = await openDatagram({ bind: { type: 'unix', path: name }, connect: { type: 'unix', path } })
    probe.close()
    return true
  } catch (error) {
    // A socket that someone has open: of another type, or (EPERM) connected to another one and heard by that alone.
    if (errorCode(error) === 'EPROTOTYPE' || errorCode(error) === 'EPERM') return true
    if (errorCode(error) === 'ECONNREFUSED' || errorCode(error) === 'ENOENT') return false
    throw error
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
  }
}

/** Looks after the file while it is served. */
class SocketFile {
  /** Serves whoever is connected to the file that was in place before. */
  private retired: Station | undefined
  private retireTimer: NodeJS.Timeout | undefined
  private closing: Promise<void> | undefined
  private readonly checks: FileChecks

  constructor(
    private readonly path: string,
    private served: Served,
    private readonly make: () => Promise<Served>,
    checkIntervalMs: number,
    private readonly log: MiLogger,
  ) {
    this.checks = checkFile(() => this.lookAfter(), checkIntervalMs)
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  private async closeOnce(): Promise<void> {
    const checked = this.checks.close()
    // First: who comes now is told that nobody is there, rather than waiting for an answer.
    this.remove()
    const closed = this.served.station.close()
    await checked
    // It may have been made anew meanwhile.
    this.remove()
    await Promise.all([closed, this.served.station.close(), this.retire(undefined)])
  }

  private remove(): void {
    try {
      removeIfInPlace(this.path, this.served.identity)
    } catch (err) {
      this.log.error({ socket: this.path, err }, 'the socket file could not be removed')
    }
  }

  /** Makes the file anew when it is gone or no longer ours; what others have put in its place is left alone. */
  private async lookAfter(): Promise<void> {
    const { path, log } = this
    try {
      if (this.closing !== undefined || isInPlace(path, this.served.identity)) return
      log.warn({ socket: path }, 'the socket file is gone or no longer ours; making it anew')
      const fresh = await this.make()
      const old = this.served.station
      this.served = fresh
      await this.retire(old)
    } catch (err) {
      log.error({ socket: path, err }, 'the socket file could not be made anew; trying again at the next check')
    }
  }

  /** Closes the station before, and this one a little later. */
  private async retire(station: Station | undefined): Promise<void> {
    clearTimeout(this.retireTimer)
    const before = this.retired
    this.retired = station
    if (station !== undefined) this.retireTimer = setTimeout(() => void this.retire(undefined), RETIRED_MS)
    await before?.close()
  }
}
