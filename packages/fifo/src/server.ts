import type { Dispatcher, DispatchSettings, MiPeer, ServerTransport } from '@mi/contract'
import { assertReplyDir, createFifo, type FifoFile, type FifoFileOptions, isInPlace, removeFifo } from './fifo-file.js'
import { type FifoOptions, type ResolvedFifoOptions, resolveOptions } from './options.js'
import { ownerId } from './owner.js'
import type { PendingReply } from './pending-reply.js'
import { Replies } from './replies.js'
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
  return new FifoServer(resolveOptions(options), options)
}

class FifoServer implements ServerTransport {
  readonly name = 'fifo'
  private serving: Serving | undefined

  constructor(
    private readonly options: ResolvedFifoOptions,
    readonly settings: DispatchSettings,
  ) {}

  get address(): string {
    return this.options.fifoName
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    if (this.serving !== undefined) throw new TypeError(`the transport of ${this.address} listens already`)
    const { options } = this
    assertReplyDir(options.replyDir)
    const file: FifoFileOptions = {
      path: options.fifoName,
      mode: options.fifoMode,
      uid: options.fifoUser === undefined ? undefined : await ownerId('user', options.fifoUser),
      gid: options.fifoGroup === undefined ? undefined : await ownerId('group', options.fifoGroup),
    }
    this.serving = new Serving(options, file, await createFifo(file), dispatcher)
  }

  async close(): Promise<void> {
    const { serving } = this
    this.serving = undefined
    await serving?.close()
  }
}

/** All that exists between `listen` and `close`: the file, its readers, the replies, the timers. */
class Serving {
  private readonly replies: Replies
  private source: Source
  /** Reads what is still written to the file that was in place before. */
  private retired: Source | undefined
  private inFlight = 0
  private settled: (() => void) | undefined
  private checking: Promise<void> | undefined
  private closed = false
  private readonly checkTimer: NodeJS.Timeout
  private readonly check = (): void => {
    this.checking ??= this.lookAfterFile().finally(() => {
      this.checking = undefined
    })
  }

  constructor(
    private readonly options: ResolvedFifoOptions,
    private readonly fileOptions: FifoFileOptions,
    private file: FifoFile,
    private readonly dispatcher: Dispatcher,
  ) {
    this.replies = new Replies(options, (reason, reply, octets) => dispatcher.drop(reason, { reply, octets }))
    this.source = this.read(file)
    this.checkTimer = setInterval(this.check, options.checkIntervalMs)
    process.on('SIGHUP', this.check)
  }

  async close(): Promise<void> {
    this.closed = true
    process.off('SIGHUP', this.check)
    clearInterval(this.checkTimer)
    await this.checking
    removeFifo(this.options.fifoName, this.file)
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

  private read(file: FifoFile): Source {
    return new Source(file.fd, this.options, {
      request: (replyName, text) => this.dispatch(replyName, text),
      // What cannot be JSON is answered as such by the engine, which counts and traces it too.
      broken: (replyName, text) => this.dispatch(replyName, text),
      refuse: (replyName, text) => {
        if (replyName !== '') this.replies.send(replyName, text)
      },
      drop: (reason) => this.dispatcher.drop(reason),
      error: (err) => this.dispatcher.log.error({ fifo: this.options.fifoName, err }, 'reading the FIFO failed'),
    })
  }

  private dispatch(replyName: string, text: string): void {
    const peer: MiPeer = { transport: 'fifo', address: replyName }
    let begun: PendingReply | undefined
    const onProvisional =
      replyName === ''
        ? undefined
        : (provisional: string): void => {
            begun ??= this.replies.begin(replyName)
            this.replies.add(replyName, begun, provisional)
          }
    const finish = (reply: string | null): void => {
      if (replyName === '') return
      if (begun === undefined) {
        if (reply !== null) this.replies.send(replyName, reply)
        return
      }
      if (reply !== null) this.replies.add(replyName, begun, reply)
      begun.end()
    }
    const reply = this.dispatcher.dispatch(text, peer, onProvisional)
    if (reply === null || typeof reply === 'string') finish(reply)
    else void this.finishLater(reply, finish)
  }

  private async finishLater(reply: Promise<string | null>, finish: (reply: string | null) => void): Promise<void> {
    this.inFlight++
    try {
      finish(await reply)
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
      if (this.closed || isInPlace(fifoName, this.file)) return
      log.warn({ fifo: fifoName }, 'the FIFO file is gone or no longer ours; making it anew')
      const file = await createFifo(this.fileOptions)
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
