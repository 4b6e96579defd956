import type { Readable, Writable } from 'node:stream'

/** What a command reads from and writes to. */
export interface Terminal {
  readonly stdin: TerminalInput
  readonly stdout: TerminalOutput
  readonly stderr: TerminalOutput
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A stream that may be a keyboard. */
export interface TerminalInput extends Readable {
  readonly isTTY?: boolean | undefined
  /** The descriptor of what it reads, where it has one. */
  readonly fd?: number | undefined
}

/** A stream that may be a screen. */
export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean | undefined
  /** In characters, of a screen. */
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** Whether colours are wanted: on a screen that has them, unless NO_COLOR is set (https://no-color.org). */
export function hasColours({ isTTY }: TerminalOutput, { NO_COLOR, TERM }: Terminal['env']): boolean {
  return isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb'
}
