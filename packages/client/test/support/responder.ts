import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'

/** A request as the responder read it from its FIFO. */
export interface Received {
  /** The whole line. */
  readonly line: string
  /** Empty when no answer is wanted. */
  readonly replyName: string
  readonly id: number
  readonly method: string
  readonly params: unknown
  /** Opens the reply FIFO, writes the pieces one by one, and closes it. */
  reply(...pieces: readonly string[]): Promise<void>
  /** Opens the reply FIFO and leaves it to the test. */
  open(): ReplyWriter
}

export interface ReplyWriter {
  write(text: string | Uint8Array): Promise<void>
  close(): Promise<void>
}

export type Behaviour = (request: Received) => unknown

/** A server end that speaks the FIFO protocol by hand, with none of the code under test. */
export class Responder {
  /** Every line that arrived. */
  readonly lines: string[] = []
  readonly received: Received[] = []
  private socket: Socket | undefined
  private held: number | undefined
  private readonly behaviours = new Map<string, Behaviour>()

  constructor(
    readonly fifoName: string,
    private readonly replyDir: string,
  ) {}

  on(method: string, behaviour: Behaviour): this {
    this.behaviours.set(method, behaviour)
    return this
  }

  listen(): this {
    execFileSync('mkfifo', ['-m', '666', this.fifoName])
    this.read()
    return this
  }

  /** Reads the FIFO (again). A write end of its own keeps the end of file away. */
  read(): void {
    const fd = openSync(this.fifoName, constants.O_RDWR | constants.O_NONBLOCK)
    const socket = new Socket({ fd, readable: true, writable: false })
    let rest = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.take(line)
    })
    this.socket = socket
  }

  /** Keeps the FIFO open and takes nothing out of it. A paused socket would still read ahead. */
  pause(): void {
    const held = openSync(this.fifoName, constants.O_RDONLY | constants.O_NONBLOCK)
    this.deafen()
    this.held = held
  }

  resume(): void {
    this.read()
    this.letGo()
  }

  /** No more reading: the FIFO is there, and nobody reads it. */
  deafen(): void {
    this.socket?.destroy()
    this.socket = undefined
    this.letGo()
  }

  close(): void {
    this.deafen()
    unlinkSync(this.fifoName)
  }

  private letGo(): void {
    if (this.held !== undefined) closeSync(this.held)
    this.held = undefined
  }

  private take(line: string): void {
    this.lines.push(line)
    const match = /^:([^:]*):(.*)$/.exec(line)
    if (match === null) return
    const [, replyName = '', json = ''] = match
    let parsed: unknown
    try {
      parsed = JSON.parse(json)
    } catch {
      // Kept in `lines`, for the test to look at.
      return
    }
    const { id = 0, method = 'batch', params } = fields(parsed)
    const open = (): ReplyWriter => openWriter(join(this.replyDir, replyName))
    const request: Received = {
      line,
      replyName,
      id,
      method,
      params: Array.isArray(parsed) ? parsed : params,
      open,
      reply: async (...pieces) => {
        const writer = open()
        for (const piece of pieces) await writer.write(piece)
        await writer.close()
      },
    }
    this.received.push(request)
    this.behaviours.get(method)?.(request)
  }
}

interface Fields {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
}

/** True for what the client sends, which is all that comes here: an object with these fields, or an array without. */
function fields(parsed: unknown): Fields {
  return Array.isArray(parsed) ? {} : (parsed as Fields)
}

function openWriter(path: string): ReplyWriter {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  const socket = new Socket({ fd, readable: false, writable: true })
  // A client that went away breaks the pipe; the tests look at the client's side of it.
  socket.on('error', () => undefined)
  return {
    write: (text) => new Promise((resolve) => socket.write(text, () => resolve())),
    close: () =>
      new Promise((resolve) => {
        socket.once('close', () => resolve())
        socket.end(() => socket.destroy())
      }),
  }
}

/** `{"jsonrpc":"2.0","result":...,"id":...}` */
export function resultText(id: number, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', result, id })
}

/** The `version` of an engine of this project. */
export function engineText(id: number): string {
  return resultText(id, { Server: 'MI for Node.js (1.0.0 (x64/linux))' })
}

/** An error answer. */
export function errorText(id: number | null, code: number, message: string, data?: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', error: { code, message, data }, id })
}
