import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { program } from './mi.js'
import { until } from './until.js'

const helper = fileURLToPath(new URL('pseudo-terminal.py', import.meta.url))

/** A command on a pseudo terminal. */
export interface Screen {
  /** Types keys. */
  type(keys: string): void
  /** Waits until a text is shown behind what was waited for before; without colours and the like. */
  shows(text: string): Promise<void>
  /** Gives it the next of its sizes. */
  resize(): void
  /** Lets the command go on behind Ctrl-Z. */
  goOn(): void
  /** All that was shown, with what steers the terminal. */
  raw(): string
  /** The exit status. */
  readonly ended: Promise<number | null>
}

export const key = {
  tab: '\t',
  enter: '\r',
  interrupt: '\u0003',
  suspend: '\u001a',
  end: '\u0004',
  up: '\u001b[A',
  left: '\u001b[D',
} as const

/**
 * Starts `mi`, which nobody could bring back behind Ctrl-Z: it is the only program of its terminal.
 * @param sizes of the terminal, one after the other: lines and columns
 */
export function openScreen(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  sizes = '24x100',
): Screen {
  return openTerminal([process.execPath, program, ...args], env, sizes)
}

/**
 * Starts bash, for what is about jobs; `$MI` is the command.
 * @param way what the command is to have for options, which `$WAY` is
 */
export function openBash(way: readonly string[], sizes = '24x100'): Screen {
  // Not PS1 itself: where python3 is a script of bash, as that of pyenv is, it takes it out of the environment.
  const PROMPT_COMMAND = "PS1='$ '"
  const env = { MI: `${process.execPath} ${program}`, WAY: way.join(' '), PROMPT_COMMAND, HISTFILE: '' }
  return openTerminal(['bash', '--norc', '--noprofile', '-i'], env, sizes)
}

/** Starts a command; it is ended with the test, should it still run. */
function openTerminal(command: readonly string[], env: Readonly<Record<string, string>>, sizes: string): Screen {
  const child = spawn('python3', [helper, sizes, ...command], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm', MI_HISTORY: '', ...env },
  })
  let text = ''
  let seen = 0
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  child.stdin.on('error', () => {
    // It has ended; what it has shown tells the test.
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  // Cursor movements, colours and modes; a line that is drawn anew is shown again.
  const plain = (): string => text.replace(/\p{Cc}\[[\d;?]*[A-Za-z]/gu, '').replaceAll('\r', '')
  return {
    type: (keys) => void child.stdin.write(keys),
    shows: async (wanted) => {
      await until(`the screen shows ${JSON.stringify(wanted)}`, () => plain().indexOf(wanted, seen) !== -1, plain)
      seen = plain().indexOf(wanted, seen) + wanted.length
    },
    resize: () => void child.kill('SIGUSR1'),
    goOn: () => void child.kill('SIGUSR2'),
    raw: () => text,
    ended,
  }
}
