import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { MiError } from '@mi/contract'
import { protocolError } from '../protocol-error.js'
import { AnswerSplitter } from './answer-splitter.js'
import { holdWriteEnd } from './held-write-end.js'

export interface ReplySettings {
  /** The longest text that is held, in bytes. */
  readonly maxReplyBytes: number
  readonly onProvisional: (text: string) => void
  readonly platform?: NodeJS.Platform
}

/** A reply FIFO that is being read. */
export interface ReplyFifo {
  /** The final answer, at the end of the file. */
  readonly answer: Promise<string>
  /** Ends the reading; an answer that has not come yet rejects with the reason. May be called again. */
  close(reason?: unknown): void
}

/**
 * Begins to read a reply FIFO: at once, since the server opens it without waiting for a reader. The reading neither
 * takes a thread of the pool nor polls. Opening is synchronous: it does not block, and no descriptor can get lost.
 * @throws MiError `MI_CONNECTION` when the FIFO is gone or is no FIFO
 */
export function openReplyFifo(path: string, settings: ReplySettings): ReplyFifo {
  const { maxReplyBytes, onProvisional, platform = process.platform } = settings
  const { socket, held } = open(path, platform)
  const splitter = new AnswerSplitter(onProvisional)
  const { promise: answer, resolve, reject } = pending<string>()
  const close = (reason?: unknown): void => {
    held?.release()
    socket.destroy()
    reject(reason)
  }
  socket.on('data', (chunk: Buffer) => {
    held?.release()
    splitter.push(chunk)
    if (splitter.size > maxReplyBytes) {
      close(protocolError(`an answer of more than ${maxReplyBytes} bytes (maxReplyBytes)`, null))
    }
  })
  socket.on('end', () => {
    resolve(splitter.end())
    close()
  })
  socket.on('error', (cause) => {
    close(new MiError('MI_CONNECTION', `cannot read the reply FIFO ${path}: ${cause.message}`, { cause }))
  })
  // Whoever gives up before awaiting the answer must not leave an unhandled rejection behind.
  answer.catch(() => undefined)
  return { answer, close }
}

function open(path: string, platform: NodeJS.Platform): { socket: Socket; held: { release(): void } | undefined } {
  let fd: number | undefined
  let held: { release(): void } | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    if (!fstatSync(fd).isFIFO()) throw new Error('it is no FIFO')
    held = holdWriteEnd(path, platform)
    return { socket: new Socket({ fd, readable: true, writable: false }), held }
  } catch (cause) {
    held?.release()
    if (fd !== undefined) closeSync(fd)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MiError('MI_CONNECTION', `cannot open the reply FIFO ${path}: ${reason}`, { cause })
  }
}

interface Pending<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(reason: unknown): void
}

function pending<T>(): Pending<T> {
  let settle: Omit<Pending<T>, 'promise'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, resolve: (value) => settle?.resolve(value), reject: (reason) => settle?.reject(reason) }
}
