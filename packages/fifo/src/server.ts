import type { Dispatcher, DispatchSettings, MiPeer, ServerTransport } from '@mi/contract'
import { checkFile, type FileChecks } from '@mi/internal/file-checks'
import { isInPlace, removeIfInPlace } from '@mi/internal/listen-file'
import { ownerId } from '@mi/internal/owner-id'
import { assertReplyDir, createFifo, type FifoFile, type FifoFileOptions } from './fifo-file.js'
import { type FifoOptions, type ResolvedFifoOptions, resolveOptions } from './options.js'
import type { PendingReply } from './pending-reply.js'
import { installedPosix } from './posix.js'
import { Replies } from './replies.js'
import { type WriteFifo, writeFifo } from './reply-fifo.js'
import { Source } from './source.js'

/** How long `close` waits for readers that are slow but not stalled. */
const CLOSE_GRACE_MS = 5_000

/**
 * Serves MI on a FIFO file, as mi_fifo of OpenSIPS does. Nothing is opened before `listen`.
 *
 * While it listens, SIGHUP makes it look after its file at once, and no longer ends the process.
 * @throws TypeError, RangeError for options that cannot work
 * @throws MiError `MI_UNSUPPORTED` on Windows
 */
export function fifo(options: FifoOptions = {}): ServerTransport {
  return fifoServer(options, installedPosix)
}

/** The same with another way to `@mi/posix`. */
export function fifoServer(options: FifoOptions, posix: typeof installedPosix): ServerTransport {
  return new FifoServer(resolveOptions(options), options, posix)
}

class FifoServer implements ServerTransport {
  readonly name = 'fifo'
  private serving: Serving | undefined

  constructor(
    private readonly options: ResolvedFifoOptions,
    readonly settings: DispatchSettings,
    private readonly posix: typeof installedPosix,
  ) {}

  get address(): string {
    return this.options.fifoName
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    if (this.serving !== undefined) throw new TypeError(`the transport of ${this.address} listens already`)
    const { options } = this
    assertReplyDir(options.replyDir)
    const posix = await this.posix(dispatcher.log)
    const file: FifoFileOptions = {
      path: options.fifoName,
      mode: options.fifoMode,
      uid: options.fifoUser === undefined ? undefined : await ownerId('user', options.fifoUser, 'fifoUser'),
      gid: options.fifoGroup === undefined ? undefined : await ownerId('group', options.fifoGroup, 'fifoGroup'),
      mkfifo: posix?.mkfifo,
    }
    this.serving = new Serving(options, file, await createFifo(file), dispatcher, posix?.writeFifo ?? writeFifo)
  }

  async close(): Promise<void> {
    const { serving } = this
    this.serving = undefined
    await serving?.close()
  }
}

/** One request's sender, and what has been sent to it so far. */
class Exchange implements MiPeer {
  readonly transport = 'fifo'
  /** The reply, once a part of it went ahead of the rest. */
  begun: PendingReply | undefined

  /** @param address name of the reply FIFO; '' when no reply is wanted */
  constructor(readonly address: string) {}
}

/** All that exists between `listen` and `close`: the file, its readers, the replies, the timers. */
class Serving {
  private readonly replies: Replies
  private source: Source
  /** Reads what is still written to the file that was in place before. */
  private retired: Source | undefined
  private inFlight = 0
  private settled: (() => void) | undefined
  private closed = false
  /** Reading the file failed: the next check makes it anew. */
  private unreadable = false
  private readonly checks: FileChecks
  /** One for all requests: the peer that comes with the text tells which it belongs to. */
  private readonly onProvisional = (text: string, peer: MiPeer): void => {
    if (!(peer instanceof Exchange) || peer.address === '') return
    peer.begun ??= this.replies.begin(peer.address)
    this.replies.add(peer.address, peer.begun, text)
  }
  private readonly dispatchOptions = { onProvisional: this.onProvisional }

  constructor(
    private readonly options: ResolvedFifoOptions,
    private readonly fileOptions: FifoFileOptions,
    private file: FifoFile,
    private readonly dispatcher: Dispatcher,
    writeReply: WriteFifo,
  ) {
    this.replies = new Replies(
      options,
      (reason, reply, octets) => dispatcher.drop(reason, { reply, octets }),
      writeReply,
    )
    this.source = this.read(file)
    this.checks = checkFile(() => this.lookAfterFile(), options.checkIntervalMs)
  }

  async close(): Promise<void> {
    this.closed = true
    await this.checks.close()
    this.removeFile()
    // Not within a read: a command may have asked for the close.
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.retired?.close()
    this.source.close()
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.settled = resolve
      })
    }
    await this.replies.close(CLOSE_GRACE_MS)
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

  private read(file: FifoFile): Source {
    return new Source(file.fd, this.options, {
      request: (replyName, text) => this.dispatch(replyName, text),
      // What cannot be JSON is answered as such by the engine, which counts and traces it too.
      broken: (replyName, text) => this.dispatch(replyName, text),
      refuse: (replyName, text) => {
        if (replyName !== '') this.replies.send(replyName, text)
      },
      begin: () => this.replies.cork(),
      end: () => this.replies.uncork(),
      drop: (reason) => this.dispatcher.drop(reason),
      error: (err) => {
        this.unreadable = true
        this.dispatcher.log.error({ fifo: this.options.fifoName, err }, 'reading the FIFO failed; making it anew soon')
      },
    })
  }

  private dispatch(replyName: string, text: string): void {
    const exchange = new Exchange(replyName)
    const reply = this.dispatcher.dispatch(text, exchange, this.dispatchOptions)
    if (reply === null || typeof reply === 'string') this.finish(exchange, reply)
    else void this.finishLater(exchange, reply)
  }

  private finish({ address, begun }: Exchange, reply: string | null): void {
    if (address === '') return
    if (begun === undefined) {
      if (reply !== null) this.replies.send(address, reply)
      return
    }
    if (reply !== null) this.replies.add(address, begun, reply)
    begun.end()
  }

  private async finishLater(exchange: Exchange, reply: Promise<string | null>): Promise<void> {
    this.inFlight++
    try {
      this.finish(exchange, await reply)
    } finally {
      this.inFlight--
      if (this.inFlight === 0) this.settled?.()
    }
  }

  /** Makes the file anew when it is gone or is no longer ours; what others have put in its place is not removed. */
  private async lookAfterFile(): Promise<void> {
    const { fifoName } = this.options
    const { log } = this.dispatcher
    try {
      if (this.closed || (!this.unreadable && isInPlace(fifoName, this.file))) return
      log.warn({ fifo: fifoName }, 'the FIFO file is gone or no longer ours; making it anew')
      const file = await createFifo(this.fileOptions)
      this.unreadable = false
      this.retired?.close()
      this.retired = this.source
      this.file = file
      this.source = this.read(file)
      // Clients that had opened the old file may still be writing to it.
      this.retired.closeLater(this.options.partialTimeoutMs)
    } catch (err) {
      log.error({ fifo: fifoName, err }, 'the FIFO file could not be made anew; trying again at the next check')
    }
  }
}
