import { chmodSync, existsSync, lstatSync, type Stats } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { getSystemErrorName } from 'node:util'
import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import { type FindPosix, findPosix, type Posix } from '@mi/internal/optional-posix'
import type { DatagramBatch, DatagramPeer, DatagramSocket } from '@mi/posix'
import type { DatagramMessage, ServerSocket, SocketEvents } from '../datagram/datagram-message.js'
import { statOf } from '../fifo/fifo-errors.js'
import { LiveFiles, replyFileName } from '../live-files.js'

/** Where the server's socket is, and how the reply socket is made. */
export interface UnixServer {
  readonly path: string
  readonly replyDir: string
  readonly replyMode: number
}

/** What is taken as a whole, in bytes. */
export const MAX_REPLY_BYTES = 65_535

/** Between two tries to send to a server whose queue is full, in milliseconds: at first, and at most. */
const FIRST_PAUSE_MS = 1
const LONGEST_PAUSE_MS = 16

/** How many messages are tried at once: a queue holds about 10. */
const MAX_TRIED = 16

/** A full queue, as Linux and the BSDs report it. */
const NO_ROOM: ReadonlySet<number> = new Set([-constants.errno.EAGAIN, -constants.errno.ENOBUFS])

/** One for the process: with one per client, Node.js would soon warn of too many listeners. */
const liveSockets = new LiveFiles()

/**
 * Makes the reply socket. It is not connected to the server's: OpenSIPS answers from another socket than it listens
 * on, and only its peer may send to a connected socket (EPERM). So each message is sent to the path,
 * which also finds a server that was started again.
 */
export async function openUnixSocket(
  posix: Pick<Posix, 'openDatagram'>,
  { path, replyDir, replyMode }: UnixServer,
  events: SocketEvents,
  signal: AbortSignal,
): Promise<ServerSocket> {
  signal.throwIfAborted()
  const replyPath = join(replyDir, replySocketName())
  liveSockets.add(replyPath)
  let opened: UnixSocket | undefined
  let socket: DatagramSocket | undefined
  try {
    socket = await posix.openDatagram({
      bind: { type: 'unix', path: replyPath },
      mode: replyMode,
      maxMessageBytes: MAX_REPLY_BYTES,
      onBatch: (batch) => opened?.take(batch),
    })
    // The umask may have taken bits away.
    if ((lstatSync(replyPath).mode & 0o777) !== replyMode) chmodSync(replyPath, replyMode)
    signal.throwIfAborted()
    opened = new UnixSocket(socket, replyPath, path, events)
    return opened
  } catch (cause) {
    socket?.close()
    liveSockets.remove(replyPath)
    if (signal.aborted) throw signal.reason
    // A service that is stopped takes its directory along, the reply directory with it: no server is what is wrong then.
    throw existsSync(path) ? replySocketError(replyPath, cause) : serverSocketError(path, 'ENOENT')
  }
}

class UnixSocket implements ServerSocket {
  /** What waits for room in the server's queue. */
  private readonly unsent = new Set<DatagramMessage>()
  private readonly server: DatagramPeer
  private readonly text: string[] = ['']
  private readonly peer: readonly DatagramPeer[]
  private timer: NodeJS.Timeout | undefined
  private pauseMs = FIRST_PAUSE_MS
  private isClosed = false

  constructor(
    private readonly socket: DatagramSocket,
    private readonly replyPath: string,
    private readonly serverPath: string,
    private readonly events: SocketEvents,
  ) {
    this.server = socket.peer({ type: 'unix', path: serverPath })
    this.peer = [this.server]
  }

  send(message: DatagramMessage): void {
    if (this.unsent.size > 0) {
      this.unsent.add(message)
      return
    }
    this.text[0] = message.content.text
    const failed = this.socket.send(this.text, this.peer)
    const result = failed === 0 ? 0 : (this.socket.results[0] ?? 0)
    if (NO_ROOM.has(result)) {
      this.unsent.add(message)
      this.wait()
    } else {
      this.report(message, result)
    }
  }

  withdraw(message: DatagramMessage): boolean {
    if (!this.unsent.delete(message)) return false
    if (this.unsent.size === 0) this.stopWaiting()
    return true
  }

  close(): void {
    this.isClosed = true
    this.stopWaiting()
    this.unsent.clear()
    this.socket.close()
    liveSockets.remove(this.replyPath)
  }

  take({ texts }: DatagramBatch): void {
    for (const text of texts) {
      if (this.isClosed) return
      this.events.received(text)
    }
    // A server that has replied has read: there may be room.
    if (this.unsent.size > 0) this.flush()
  }

  /** Nothing says when the queue of another UNIX socket has room: it is tried again after longer and longer pauses. */
  private wait(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS)
      this.flush()
    }, this.pauseMs)
  }

  private stopWaiting(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.pauseMs = FIRST_PAUSE_MS
  }

  private flush(): void {
    while (this.unsent.size > 0 && !this.isClosed) {
      const tried = firstOf(this.unsent, MAX_TRIED)
      this.socket.send(
        tried.map(({ content }) => content.text),
        tried.map(() => this.server),
      )
      // Copied: what gets a reply may send more, which overwrites them.
      const results = tried.map((_, index) => this.socket.results[index] ?? 0)
      const settled = tried.map((message, index) => !NO_ROOM.has(results[index] ?? 0) && this.unsent.delete(message))
      if (settled.includes(true)) this.pauseMs = FIRST_PAUSE_MS
      for (const [index, message] of tried.entries()) {
        if (settled[index] === true && !this.isClosed) this.report(message, results[index] ?? 0)
      }
      if (settled.includes(false)) break
    }
    if (this.unsent.size > 0) this.wait()
    else this.stopWaiting()
  }

  private report(message: DatagramMessage, result: number): void {
    if (result >= 0) {
      this.events.sent(message)
      return
    }
    const error = serverSocketError(this.serverPath, getSystemErrorName(result))
    this.events.failed(message, error)
    // The socket is there and dead: the process that had it will not answer the messages before this one either.
    if (result === -constants.errno.ECONNREFUSED) this.events.refused(error)
  }
}

function firstOf<T>(all: Iterable<T>, count: number): T[] {
  const first: T[] = []
  for (const each of all) {
    if (first.length === count) break
    first.push(each)
  }
  return first
}

const GIVE_PATH = 'give the socket_name of its mi_datagram as path'

/**
 * `MI_CONNECTION`: why nothing could be sent to the server's socket, and how to fix it. The cause has the system's
 * code.
 * @param code such as `ENOENT`
 * @param uid the user of this process, where the platform has one
 */
export function serverSocketError(path: string, code: string, uid = process.getuid?.()): MiError {
  const file = statOf(path)
  const cause = Object.assign(new Error(`sendmsg ${code} ${path}`), { code, syscall: 'sendmsg', address: path })
  return new MiError('MI_CONNECTION', problem(path, code, file, uid), { cause })
}

function problem(path: string, code: string, file: Stats | undefined, uid: number | undefined): string {
  if (file !== undefined && !file.isSocket()) return `${path} is not a UNIX socket; ${GIVE_PATH}`
  switch (code) {
    case 'ENOENT':
      return `${path} does not exist; start the server, or ${GIVE_PATH}`
    case 'ECONNREFUSED':
      return `no server listens on ${path}; start the server, or ${GIVE_PATH}`
    case 'EPROTOTYPE':
      return `${path} is a UNIX socket for streams, not for datagrams; ${GIVE_PATH}`
    case 'EACCES':
    case 'EPERM':
      return (
        `no permission to write to ${path} as user ${uid ?? 'of this process'}${file === undefined ? '' : owner(file)}; ` +
        "run as its user or in its group, or change unix_socket_user, unix_socket_group or unix_socket_mode of the server's mi_datagram"
      )
    case 'EMSGSIZE':
      return `the request is longer than the system takes as a datagram (${code}); lower maxRequestBytes, or use the FIFO`
    default:
      return `cannot send to ${path} (${code}); see the cause`
  }
}

function owner({ uid, gid, mode }: Stats): string {
  return ` (it belongs to user ${uid} and group ${gid}, mode ${(mode & 0o7777).toString(8).padStart(4, '0')})`
}

/** `MI_CONNECTION`: why the reply socket could not be made, and how to fix it. */
export function replySocketError(path: string, cause: unknown): MiError {
  const problem = errorCode(cause) === 'ENOENT' ? `${dirname(path)} does not exist` : errorText(cause)
  return new MiError(
    'MI_CONNECTION',
    `cannot make the reply socket ${path}: ${problem}; give a replyDir that exists, that this process may write to, ` +
      'and that the server sees too',
    { cause },
  )
}

/** A name for a reply socket that nobody can guess; it names the process, should it ever be left behind. */
export function replySocketName(): string {
  return replyFileName(`${process.pid}_`, 8)
}

/**
 * `@mi/posix`, which UNIX datagrams need.
 * @throws MiError `MI_UNSUPPORTED`, saying what to install or why it cannot be used
 */
export async function neededPosix(find: FindPosix = findPosix): Promise<Posix> {
  const search = await find()
  if (search.posix !== undefined) return search.posix
  const problem = search.isAbsent
    ? 'unix() needs the package @mi/posix, since Node.js has no UNIX datagram sockets: npm install @mi/posix'
    : `unix() cannot use @mi/posix: ${search.reason}`
  throw new MiError('MI_UNSUPPORTED', problem, { cause: search.cause })
}
