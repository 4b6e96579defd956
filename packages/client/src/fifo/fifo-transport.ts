import { join } from 'node:path'
import { type ClientMessage, type ClientReply, type ClientTransport, isMiError } from '@mi/contract'
import { type FindPosix, findPosix } from '@mi/internal/optional-posix'
import { idsIn, parsedOrText } from '../read-reply.js'
import { Turns } from '../turns.js'
import { silenceHint } from './fifo-errors.js'
import { FifoMaker } from './make-fifos.js'
import { type ResolvedFifoOptions, replyFifoName } from './options.js'
import { ReplyReader, type ReplySettings } from './reply-fifo.js'
import { ServerFifo } from './server-fifo.js'

/** A reply FIFO, and the reader of the reply that arrives there. */
interface ReplyFifo {
  readonly name: string
  readonly reader: ReplyReader
}

/** How long reply FIFOs that nobody uses are kept, in milliseconds: long enough for calls in a row. */
const IDLE_MS = 1000

const MIXED =
  'The server could not read the request: where several processes write to a FIFO at once, the kernel may mix what is longer ' +
  'than 4096 bytes'

/**
 * Owns every descriptor and file of the FIFO transport.
 *
 * A reply FIFO carries one call at a time. One whose call has ended well serves the next call, until none was made for a
 * while: making and removing a FIFO costs as much as the rest of a call. One whose call ended in any other way is removed:
 * a late reply finds no file, so it cannot be taken for that to another call.
 */
export class FifoTransport implements ClientTransport {
  readonly name = 'fifo'
  readonly address: string
  /** Over mi_fifo, the notification of an asynchronous command ends OpenSIPS (3.4 to 4.0). */
  readonly avoidNotifications = true
  private readonly turns: Turns
  private readonly maker: FifoMaker
  private readonly server: ServerFifo
  /** Names of reply FIFOs that exist and that no call uses; the last one was used last. */
  private readonly idle: string[] = []
  private idleTimer: NodeJS.Timeout | undefined
  private begun = 0
  private hasHeard = false

  /** @param find how to find `@mi/posix` */
  constructor(
    private readonly options: ResolvedFifoOptions,
    find: FindPosix = findPosix,
  ) {
    const { serverPaths, replyMode, maxConcurrent, maxQueued } = options
    this.address = serverPaths.join(' or ')
    this.turns = new Turns('calls over fifo', maxConcurrent, maxQueued)
    this.maker = new FifoMaker(replyMode, find)
    this.server = new ServerFifo(serverPaths, maxQueued)
  }

  async request(message: ClientMessage): Promise<ClientReply | null> {
    if (message.ids.length > 0) return this.turns.run(message.signal, () => this.ask(message))
    await this.server.send(`::${message.text}\n`, message.signal, message.onlyTo)
    message.onSent?.()
    return null
  }

  async close(): Promise<void> {
    this.removeIdle()
  }

  hint(message: ClientMessage, reply: string | undefined): string | undefined {
    if (reply?.startsWith('400 ') === true) return MIXED
    if (reply !== undefined || message.ids.length === 0) return undefined
    return silenceHint(message.text, this.options.replyDir, this.hasHeard)
  }

  private async ask(message: ClientMessage): Promise<ClientReply> {
    const { signal } = message
    signal.throwIfAborted()
    this.begun += 1
    const settings = {
      maxReplyBytes: this.options.maxReplyBytes,
      onProvisional: (text: string) => message.onProvisional?.(text),
    }
    const { name, reader } = this.reuse(settings) ?? (await this.make(settings, message))
    let isClean = false
    const onAbort = (): void => reader.close(signal.reason)
    signal.addEventListener('abort', onAbort)
    try {
      // Sent to its end even if a reply is there before: half a request would spoil the next one.
      const from = await this.server.send(`:${name}:${message.text}\n`, signal, message.onlyTo)
      message.onSent?.()
      const reply = parsedOrText(await reader.reply)
      this.hasHeard = true
      isClean = typeof reply !== 'string' && idsIn(reply.json).every((id) => message.ids.includes(id))
      return typeof reply === 'string' ? reply : { ...reply, from }
    } finally {
      signal.removeEventListener('abort', onAbort)
      reader.close()
      if (isClean) this.keep(name)
      else this.remove(name)
    }
  }

  private reuse(settings: ReplySettings): ReplyFifo | undefined {
    const name = this.idle.pop()
    if (name === undefined) return undefined
    try {
      return { name, reader: new ReplyReader(join(this.options.replyDir, name), settings) }
    } catch {
      // It was removed meanwhile, with its directory for one; a new one says what is wrong, if anything is.
      this.remove(name)
      return undefined
    }
  }

  private async make(settings: ReplySettings, { signal }: ClientMessage): Promise<ReplyFifo> {
    const name = replyFifoName()
    const path = join(this.options.replyDir, name)
    try {
      await this.maker.make(path, signal)
      signal.throwIfAborted()
      return { name, reader: new ReplyReader(path, settings) }
    } catch (error) {
      this.remove(name)
      // A service that is stopped takes its directory along, the reply directory with it: no server is what is wrong then.
      if (isMiError(error, 'MI_CONNECTION')) this.server.assertThere()
      throw error
    }
  }

  private keep(name: string): void {
    this.idle.push(name)
    // Unreferenced: it does not keep the process, at whose end the files are removed anyway.
    this.idleTimer ??= setTimeout(this.lookIdle, IDLE_MS, this.begun).unref()
  }

  /** @param begun how many calls had begun when the timer was set: one for all of them, not one for each */
  private readonly lookIdle = (begun: number): void => {
    this.idleTimer = undefined
    if (this.begun === begun) this.removeIdle()
    else if (this.idle.length > 0) this.idleTimer = setTimeout(this.lookIdle, IDLE_MS, this.begun).unref()
  }

  private removeIdle(): void {
    clearTimeout(this.idleTimer)
    this.idleTimer = undefined
    for (const name of this.idle.splice(0)) this.remove(name)
  }

  private remove(name: string): void {
    this.maker.remove(join(this.options.replyDir, name))
  }
}
