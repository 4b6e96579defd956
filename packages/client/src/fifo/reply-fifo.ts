import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import { JsonSplitter } from '../json-splitter.js'
import { protocolError } from '../read-reply.js'
import { TOO_MANY_FILES } from './fifo-errors.js'

export interface ReplySettings {
  /** The longest text that is held, in bytes. */
  readonly maxReplyBytes: number
  /** Takes each text that another one follows. */
  readonly onProvisional: (text: string) => void
  readonly platform?: NodeJS.Platform
}

/** Reads the reply to one request from a reply FIFO. */
export class ReplyReader {
  /** The final reply, at the end of the file. */
  readonly reply: Promise<string>
  private readonly socket: Socket
  private readonly splitter: JsonSplitter
  private held: number | undefined
  private settle: { resolve(text: string): void; reject(reason: unknown): void } | undefined

  /**
   * Begins to read at once, since the server opens the FIFO without waiting for a reader. Reading neither takes a thread of
   * the pool nor polls. Opening is synchronous: it does not block, and no descriptor can get lost.
   * @throws MiError `MI_CONNECTION` when the FIFO is gone or is not a FIFO
   */
  constructor(path: string, { maxReplyBytes, onProvisional, platform = process.platform }: ReplySettings) {
    const { socket, held } = openForReading(path, platform)
    this.socket = socket
    this.held = held
    this.splitter = new JsonSplitter({ onText: onProvisional, maxBytes: maxReplyBytes, holdsLast: true })
    this.reply = new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    // A caller that gives up before it awaits the reply must not leave an unhandled rejection behind.
    this.reply.catch(() => undefined)
    socket.on('data', (chunk: Buffer) => {
      this.release()
      if (!this.splitter.push(chunk)) {
        this.close(protocolError(`a reply of more than ${maxReplyBytes} bytes (maxReplyBytes)`, null))
      }
    })
    socket.on('end', () => {
      this.settle?.resolve(this.splitter.end())
      this.close()
    })
    socket.on('error', (cause) => {
      this.close(new MiError('MI_CONNECTION', `cannot read the reply FIFO ${path}: ${cause.message}`, { cause }))
    })
  }

  /** Ends the reading; a reply that has not come yet rejects with the reason. May be called again. */
  close(reason?: unknown): void {
    this.release()
    this.socket.destroy()
    this.settle?.reject(reason)
    this.settle = undefined
  }

  private release(): void {
    if (this.held !== undefined) closeSync(this.held)
    this.held = undefined
  }
}

function openForReading(path: string, platform: NodeJS.Platform): { socket: Socket; held: number | undefined } {
  let fd: number | undefined
  let held: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    if (!fstatSync(fd).isFIFO()) throw new Error('it is not a FIFO')
    held = holdWriteEnd(path, platform)
    return { socket: new Socket({ fd, readable: true, writable: false }), held }
  } catch (cause) {
    if (held !== undefined) closeSync(held)
    if (fd !== undefined) closeSync(fd)
    const code = errorCode(cause)
    const advice = code === 'EMFILE' || code === 'ENFILE' ? `; ${TOO_MANY_FILES}` : ''
    throw new MiError('MI_CONNECTION', `cannot open the reply FIFO ${path}: ${errorText(cause)}${advice}`, { cause })
  }
}

/**
 * Opens the write end of a reply FIFO that this process reads, to be closed when the first data arrives, on systems
 * where it must be.
 *
 * On Linux a reader that came before any writer sees no end of file until a writer has come and gone (checked on 6.18:
 * poll reports the hang-up only then), and so does one that opens a FIFO anew after others have used it. Elsewhere, kqueue
 * among them, a FIFO without a writer reads as ended at once; a write end of this process prevents that. Its price: an end
 * without any data is not seen there, and times out.
 *
 * @returns undefined where nothing needs to be held
 */
function holdWriteEnd(path: string, platform: NodeJS.Platform): number | undefined {
  if (platform === 'linux') return undefined
  return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
}
