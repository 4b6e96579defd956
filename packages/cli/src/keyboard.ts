import { PassThrough } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { TerminalInput } from './terminal.js'

/** Takes keys, as the characters that a terminal sends for them. */
export type TakeKeys = (keys: string) => void

export const CTRL_C = '\u0003'
export const CTRL_R = '\u0012'
const CTRL_Z = '\u001a'

/**
 * The keyboard of a terminal, between it and a line editor. What is typed goes to the line editor, which reads this as its input,
 * unless somebody else has taken the keys.
 */
export class Keyboard extends PassThrough {
  readonly isTTY = true
  /** Called at Ctrl-R in what goes to the line editor, with what follows it. Left out: it is a key like others. */
  onSearch: TakeKeys | undefined
  private taker: TakeKeys | undefined
  private readonly decoder = new StringDecoder('utf8')
  private readonly onError = (error: Error): void => void this.destroy(error)

  constructor(private readonly terminal: TerminalInput) {
    super()
    terminal.on('error', this.onError)
    terminal.pipe(this)
  }

  /** Whether keys arrive one by one, and Ctrl-C as a key. */
  setRawMode(isRaw: boolean): this {
    this.terminal.setRawMode?.(isRaw)
    return this
  }

  /**
   * Hands all keys to somebody else.
   * @returns a function that ends this
   */
  capture(taker: TakeKeys): () => void {
    const before = this.taker
    this.taker = taker
    return () => {
      this.taker = before
    }
  }

  /** Hands keys to the current reader, as if they were typed. */
  type(keys: string): void {
    if (keys === '') return
    const at = this.onSearch === undefined ? -1 : keys.indexOf(CTRL_R)
    if (this.taker !== undefined) this.taker(keys)
    else if (at === -1) this.push(keys)
    else {
      if (at > 0) this.push(keys.slice(0, at))
      this.onSearch?.(keys.slice(at + 1))
    }
  }

  /** Gives the terminal back. */
  release(): void {
    this.terminal.unpipe(this)
    this.terminal.off('error', this.onError)
    this.terminal.pause()
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.type(this.decoder.write(chunk))
    done()
  }
}

/** What a full screen does with keys: `q` and Ctrl-C leave it, Ctrl-Z stops the process. Others do nothing. */
export function screenKeys(leave: () => void): TakeKeys {
  return (keys) => {
    for (const key of keys) {
      if (key === 'q' || key === 'Q' || key === CTRL_C) return leave()
      if (key === CTRL_Z) process.kill(process.pid, 'SIGTSTP')
    }
  }
}
