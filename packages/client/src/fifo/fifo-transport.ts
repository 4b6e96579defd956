import { join } from 'node:path'
import { type ClientMessage, MiError } from '@mi/contract'
import type { FindPosix } from '../find-posix.js'
import { InFlight } from '../in-flight.js'
import type { TransportFacts } from '../transport-facts.js'
import { Turns } from '../turns.js'
import { liveFifos } from './live-fifos.js'
import { FifoMaker } from './make-fifos.js'
import type { ResolvedFifoOptions } from './options.js'
import { openReplyFifo } from './reply-fifo.js'
import { newReplyName } from './reply-name.js'
import { ServerFifo } from './server-fifo.js'
import { replyHint } from './sticky-directory.js'

/** Owns every descriptor and file of the FIFO transport: for each call a reply FIFO, which never outlives it. */
export class FifoTransport implements TransportFacts {
  readonly name = 'fifo'
  readonly address: string
  private readonly inFlight = new InFlight()
  private readonly calls: Turns
  private readonly maker: FifoMaker
  private readonly server: ServerFifo

  /** @param find how to find `@mi/posix` */
  constructor(
    private readonly options: ResolvedFifoOptions,
    find: FindPosix,
  ) {
    const { serverPaths, replyMode, maxConcurrent, maxWaiting } = options
    this.address = serverPaths.join(' or ')
    this.calls = new Turns('calls over fifo', maxConcurrent, maxWaiting)
    this.maker = new FifoMaker(replyMode, find)
    this.server = new ServerFifo(serverPaths, maxWaiting)
  }

  request(message: ClientMessage): Promise<string | null> {
    const closed = (begun: boolean): MiError =>
      new MiError('MI_CLOSED', begun ? 'the FIFO transport was closed meanwhile' : 'the FIFO transport is closed')
    return this.inFlight.run({ signal: message.signal, closed }, async ({ signal }) => {
      if (message.ids.length > 0) return this.calls.run(signal, () => this.ask(message, signal))
      await this.server.send(`::${message.text}\n`, signal)
      return null
    })
  }

  close(): Promise<void> {
    return this.inFlight.close()
  }

  silenceHint(): string | undefined {
    return replyHint(this.options.replyDir, this.options.serverPaths)
  }

  private async ask({ text, onProvisional }: ClientMessage, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    const { replyDir, maxReplyBytes } = this.options
    const name = newReplyName()
    const path = join(replyDir, name)
    liveFifos.add(path)
    try {
      await this.maker.make(path, signal)
      signal.throwIfAborted()
      const reply = openReplyFifo(path, { maxReplyBytes, onProvisional: onProvisional ?? (() => undefined) })
      const onAbort = (): void => reply.close(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        // Sent to its end even if an answer is there before: half a request would spoil the next one.
        await this.server.send(`:${name}:${text}\n`, signal)
        return await reply.answer
      } finally {
        signal.removeEventListener('abort', onAbort)
        reply.close()
      }
    } finally {
      liveFifos.remove(path)
    }
  }
}
