import { join } from 'node:path'
import { type ClientTransport, MiError } from '@mi/contract'
import { OptionChecks, type OptionNames } from '@mi/internal/options'
import { type DatagramLimits, resolveLimits } from '../datagram/datagram-message.js'
import { DatagramTransport } from '../datagram/datagram-transport.js'
import { MAX_REPLY_BYTES, neededPosix, openUnixSocket, replySocketName } from './unix-socket.js'

/** Where the server's socket is, and where its replies are to arrive. */
export interface UnixTransportOptions extends DatagramLimits {
  /** The server's socket (mi_datagram `socket_name`). */
  readonly path: string
  /** Where the reply socket is made: a directory that the server sees under the same path. @default '/tmp/' */
  readonly replyDir?: string | undefined
  /** Permission bits of the reply socket: the server's user must be able to write to it. @default 0o622 */
  readonly replyMode?: number | undefined
  /**
   * How many calls may be in flight at once; further calls wait in order. The queue of a UNIX socket holds some 10
   * datagrams, and OpenSIPS drops replies that find no room in it. @default 10
   */
  readonly maxConcurrent?: number | undefined
}

const OPTIONS: OptionNames<UnixTransportOptions> = {
  path: true,
  replyDir: true,
  replyMode: true,
  maxConcurrent: true,
  maxRequestBytes: true,
  maxQueued: true,
  retries: true,
  retryMs: true,
}

/** The system's `sun_path`, less its final zero. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103

/**
 * Carries a client's requests over UNIX datagrams to mi_datagram, that of OpenSIPS or of `@mi/datagram`. Needs
 * `@mi/posix`, which the first request loads; nothing is opened before. A transport is for one client.
 * @throws MiError `MI_UNSUPPORTED` on Windows, which has no UNIX datagram sockets
 * @throws TypeError for an unknown option or a wrong path, RangeError for a number or length out of bounds
 */
export function unix(options: UnixTransportOptions): ClientTransport {
  if (process.platform === 'win32') {
    throw new MiError('MI_UNSUPPORTED', 'unix(): Windows has no UNIX datagram sockets; use udp()')
  }
  const check = new OptionChecks('unix()')
  const path = check.path('path', check.known(options, OPTIONS).path)
  const replyDir = check.path('replyDir', options.replyDir ?? '/tmp/')
  assertShort(`path ${path} is too long`, path)
  assertShort(`replyDir ${replyDir} is too long with the name of a reply socket`, join(replyDir, replySocketName()))
  const replyMode = check.mode('replyMode', options.replyMode ?? 0o622)
  return new DatagramTransport({
    name: 'unix',
    address: path,
    limits: resolveLimits(check, options, { maxRequestBytes: MAX_REPLY_BYTES, maxConcurrent: 10 }),
    open: async (events, signal) => openUnixSocket(await neededPosix(), { path, replyDir, replyMode }, events, signal),
    silence:
      `Nothing has come to the reply socket in ${replyDir}: the server must see that directory too, which systemd's ` +
      'PrivateTmp prevents for /tmp, and be allowed to write to the socket (replyMode)',
  })
}

function assertShort(problem: string, path: string): void {
  const length = Buffer.byteLength(path)
  if (length <= MAX_PATH_BYTES) return
  throw new RangeError(`unix(): ${problem}: ${length} bytes, and a UNIX socket takes ${MAX_PATH_BYTES}`)
}
