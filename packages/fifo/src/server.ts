import type { Dispatcher, DispatchOptions, MiPeer, ServerTransport } from '@mi/contract'
import { checkFile, type FileChecks } from '@mi/internal/file-checks'
import { sharedDirectory } from '@mi/internal/listen-error'
import { isInPlace, removeIfInPlace } from '@mi/internal/listen-file'
import { type FindPosix, findPosix } from '@mi/internal/optional-posix'
import { ownerId } from '@mi/internal/owner-id'
import { assertReplyDir, createFifo, type FifoFile, type FifoFileOptions, restoreAccess } from './fifo-file.js'
import { FifoInput } from './fifo-input.js'
import type { FramedRequest } from './framing.js'
import { type FifoOptions, type ResolvedFifoOptions, resolveOptions } from './options.js'
import { PIPE_CAPACITY, Replies } from './replies.js'
import { type WriteFifo, writeFifo } from './reply-fifo.js'
import type { WaitingReply } from './reply-queue.js'

/** How long `close` waits for readers that are slow but not stalled. */
const CLOSE_GRACE_MS = 5_000

/** Stands for text that cannot be JSON, and is answered as such: the engine counts and traces it too. */
const NOT_JSON = ''

/**
 * Serves MI on a FIFO file, as mi_fifo of OpenSIPS does. Nothing is opened before `listen`.
 *
 * While it listens, SIGHUP makes it check its file at once, and does not end the process.
 * @throws TypeError, RangeError for options that cannot work
 * @throws MiError `MI_UNSUPPORTED` on Windows
 */
export function fifo(options: FifoOptions = {}): ServerTransport {
  return fifoTransport(options, findPosix)
}

/** The same with another way to `@mi/posix`. */
export function fifoTransport(options: FifoOptions, find: FindPosix): ServerTransport {
  const resolved = resolveOptions(options)
  let server: FifoServer | undefined
  return {
    name: 'fifo',
    address: resolved.fifoName,
    settings: resolved.settings,
    async listen(dispatcher) {
      if (server !== undefined) throw new TypeError(`the transport of ${resolved.fifoName} listens already`)
      server = await startServer(resolved, dispatcher, find)
    },
    async close() {
      const closing = server
      server = undefined
      await closing?.close()
    },
  }
}

async function startServer(options: ResolvedFifoOptions, dispatcher: Dispatcher, find: FindPosix): Promise<FifoServer> {
  assertReplyDir(options.replyDir)
  const { posix, reason, isAbsent } = { isAbsent: false, ...(await find()) }
  if (posix === undefined && !isAbsent) {
    const effect = 'FIFO replies are written with node:fs, which is slower'
    dispatcher.log.warn({ reason }, `@mi/posix is installed but cannot be used: ${effect}; see the reason`)
  }
  const { fifoName, fifoMode, fifoUser, fifoGroup } = options
  const file: FifoFileOptions = {
    path: fifoName,
    mode: fifoMode,
    uid: fifoUser === undefined ? undefined : await ownerId('user', fifoUser, 'fifoUser'),
    gid: fifoGroup === undefined ? undefined : await ownerId('group', fifoGroup, 'fifoGroup'),
    mkfifo: posix?.mkfifo,
  }
  const made = await createFifo(file)
  warnOfSharedDirectories(options, dispatcher)
  return new FifoServer(options, file, made, dispatcher, posix?.writeFifo ?? writeFifo)
}

/** The defaults of OpenSIPS, /tmp, are such. */
function warnOfSharedDirectories({ fifoName, replyDir }: ResolvedFifoOptions, { log }: Dispatcher): void {
  const directories = { fifoName: sharedDirectory(fifoName), replyDir: sharedDirectory(`${replyDir}.`) }
  for (const [option, directory] of Object.entries(directories)) {
    if (directory === undefined) continue
    const effect =
      option === 'fifoName'
        ? 'every user may take the place of the FIFO, and Linux may keep shells of other users from it (fs.protected_fifos)'
        : 'every user may take the replies to others, or forge some'
    log.warn({ directory }, `${effect}; choose a ${option} in a directory of this service, such as /run/myapp`)
  }
}

/** Who sent one request, and the reply to it where a part went ahead of the rest. */
class FifoPeer implements MiPeer {
  readonly transport = 'fifo'
  begun: WaitingReply | undefined

  /** @param address name of the reply FIFO; '' when no reply is wanted */
  constructor(readonly address: string) {}
}

/** All that exists between `listen` and `close`: the file, its input, the replies, the timers. */
class FifoServer {
  private readonly replies: Replies
  private input: FifoInput
  /** Reads what is still written to the file that was in place before. */
  private retired: FifoInput | undefined
  private inFlight = 0
  private settled: (() => void) | undefined
  private closed = false
  /** Reading the file failed: the next check makes it anew. */
  private unreadable = false
  private readonly checks: FileChecks
  private readonly tooLarge: string
  /** One object for all requests: the peer says which of them a provisional reply belongs to. */
  private readonly dispatchOptions: DispatchOptions

  constructor(
    private readonly options: ResolvedFifoOptions,
    private readonly fileOptions: FifoFileOptions,
    private file: FifoFile,
    private readonly dispatcher: Dispatcher,
    writeReply: WriteFifo,
  ) {
    const { maxRequestBytes, maxPendingReplyBytes, checkIntervalMs } = options
    this.tooLarge =
      `413 Request too large: the limit is ${maxRequestBytes} bytes (maxRequestBytes); ` +
      'send less, or raise the limit'
    this.dispatchOptions = {
      // A longer one could never be sent.
      maxReplyBytes: Math.max(maxPendingReplyBytes, PIPE_CAPACITY),
      onProvisional: (text, peer) => this.sendAhead(text, peer),
    }
    this.replies = new Replies(
      options,
      ({ reason, error }, path, bytes, count) =>
        dispatcher.drop(reason, { path, bytes, ...(error && { error }) }, count),
      writeReply,
    )
    this.input = this.read(file)
    this.checks = checkFile(() => this.checkFile(), checkIntervalMs)
  }

  async close(): Promise<void> {
    this.closed = true
    await this.checks.close()
    this.removeFile()
    // Not within a read: a command may have asked for the close.
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.retired?.close()
    this.input.close()
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.settled = resolve
      })
    }
    await this.replies.close(CLOSE_GRACE_MS)
  }

  /** Runs the requests of one read; the replies that are there at once go out together. */
  private serve(requests: readonly FramedRequest[]): void {
    for (const request of requests) {
      if (request.problem === undefined) this.dispatch(request.replyName, request.text)
      else this.refuse(request)
    }
    this.replies.flush()
  }

  private dispatch(replyName: string, text: string): void {
    const peer = new FifoPeer(replyName)
    const reply = this.dispatcher.dispatch(text, peer, this.dispatchOptions)
    if (reply !== null && typeof reply !== 'string') void this.finishLater(peer, reply)
    else if (peer.begun !== undefined) this.finishBegun(peer, peer.begun, reply)
    else if (replyName !== '') this.replies.hold(replyName, reply ?? '')
  }

  private async finishLater(peer: FifoPeer, later: Promise<string | null>): Promise<void> {
    this.inFlight++
    const reply = await later
    if (peer.begun !== undefined) this.finishBegun(peer, peer.begun, reply)
    else if (peer.address !== '') this.replies.send(peer.address, reply ?? '')
    this.inFlight--
    if (this.inFlight === 0) this.settled?.()
  }

  private sendAhead(text: string, peer: MiPeer): void {
    if (!(peer instanceof FifoPeer) || peer.address === '') return
    peer.begun ??= this.replies.begin(peer.address)
    this.replies.add(peer.address, peer.begun, text)
  }

  private finishBegun(peer: FifoPeer, begun: WaitingReply, reply: string | null): void {
    if (reply !== null) this.replies.add(peer.address, begun, reply)
    begun.end()
  }

  private refuse({ replyName, text, problem }: FramedRequest): void {
    switch (problem) {
      case 'no_request':
      case 'bad_reply_name':
        this.dispatcher.drop(problem, { text })
        return
      case 'request_too_large':
        this.dispatcher.drop(problem, { reply: replyName, text, limit: this.options.maxRequestBytes })
        if (replyName !== '') this.replies.hold(replyName, this.tooLarge)
        return
      case 'unfinished_request':
        this.dispatcher.drop(problem, { reply: replyName, text })
    }
    this.dispatch(replyName, NOT_JSON)
  }

  private read(file: FifoFile): FifoInput {
    const serve = (requests: readonly FramedRequest[]): void => this.serve(requests)
    return new FifoInput(file.fd, this.options, serve, (err) => {
      this.unreadable = true
      this.dispatcher.log.error({ fifo: this.options.fifoName, err }, 'reading the FIFO failed; making it anew soon')
    })
  }

  /**
   * Makes the file anew when it is gone or is no longer ours, and sets owner and mode again when they have changed. What others have
   * put in its place is not removed.
   */
  private async checkFile(): Promise<void> {
    const { fifoName } = this.options
    const { log } = this.dispatcher
    try {
      if (this.closed) return
      if (!this.unreadable && isInPlace(fifoName, this.file)) {
        if (restoreAccess(this.file))
          log.warn({ fifo: fifoName }, 'owner or mode of the FIFO file had changed; set again')
        return
      }
      log.warn({ fifo: fifoName }, 'the FIFO file is gone or no longer ours; making it anew')
      const file = await createFifo(this.fileOptions, this.file)
      this.unreadable = false
      this.retired?.close()
      this.retired = this.input
      this.file = file
      this.input = this.read(file)
      // Clients that had opened the old file may still be writing to it.
      this.retired.closeLater(this.options.partialTimeoutMs)
    } catch (err) {
      log.error({ fifo: fifoName, err }, 'the FIFO file could not be restored; trying again at the next check')
    }
  }

  /** A file that may not be removed must not keep the rest from being closed. */
  private removeFile(): void {
    const { fifoName } = this.options
    try {
      removeIfInPlace(fifoName, this.file)
    } catch (err) {
      this.dispatcher.log.error({ fifo: fifoName, err }, 'the FIFO file could not be removed')
    }
  }
}
