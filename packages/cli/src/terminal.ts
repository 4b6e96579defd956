import type { Readable, Writable } from 'node:stream'
import { styleText } from 'node:util'

/** What a command reads from and writes to. */
export interface Terminal {
  readonly stdin: TerminalInput
  readonly stdout: TerminalOutput
  readonly stderr: TerminalOutput
  readonly env: Readonly<Record<string, string | undefined>>
  /** The line of a script that is run, for messages. */
  readonly line?: number | undefined
}

/** A stream that may be a keyboard. */
export interface TerminalInput extends Readable {
  readonly isTTY?: boolean | undefined
  /** The file descriptor it reads, where there is one. */
  readonly fd?: number | undefined
  /** A terminal's: whether keys arrive one by one. */
  setRawMode?(isRaw: boolean): unknown
}

/** A stream that may be a screen. */
export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean | undefined
  /** The size of a screen, in characters. */
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** Whether to write colours: on a screen that has them, unless NO_COLOR is set (https://no-color.org). */
export function hasColours({ isTTY }: TerminalOutput, { NO_COLOR, TERM }: Terminal['env']): boolean {
  return isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb'
}

/** Whether characters beyond ASCII can be shown, as the locale says. */
export function hasUnicode({ LC_ALL, LC_CTYPE, LANG }: Terminal['env']): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
}

/** Marks text for a screen. */
export interface Style {
  readonly name: (text: string) => string
  readonly text: (text: string) => string
  readonly number: (text: string) => string
  readonly word: (text: string) => string
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly error: (text: string) => string
  readonly changed: (text: string) => string
}

/** The style for a stream. */
export function styleOf(stream: TerminalOutput, env: Terminal['env']): Style {
  return styleFor(hasColours(stream, env))
}

/** @param isColoured false leaves every text as it is */
export function styleFor(isColoured: boolean): Style {
  const mark =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      // Without validateStream, Node.js would look at its own stdout.
      isColoured ? styleText(format, text, { validateStream: false }) : text
  return {
    name: mark('cyan'),
    text: mark('green'),
    number: mark('yellow'),
    word: mark('magenta'),
    bold: mark('bold'),
    dim: mark('dim'),
    error: mark('red'),
    changed: mark('inverse'),
  }
}
