import { Keyboard } from '../keyboard.js'
import type { Terminal, TerminalOutput } from '../terminal.js'

const CLEAR_LINE = '\r\u001b[K'

/** How often a status line is drawn anew, in milliseconds. */
const PERIOD_MS = 500

/**
 * Shows on a terminal, in one line that is drawn again and again, how far something is. Elsewhere nothing is shown.
 * @param text what to show; '' for nothing yet
 * @returns a function that takes the line away
 */
export function showStatus(stderr: TerminalOutput, text: () => string): () => void {
  if (stderr.isTTY !== true) return () => undefined
  let isShown = false
  const timer = setInterval(() => {
    const line = text()
    if (line === '' && !isShown) return
    isShown = true
    // A longer line would run on into the next one, which is not taken away.
    stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns || 80) - 1)}`)
  }, PERIOD_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    if (isShown) stderr.write(CLEAR_LINE)
    isShown = false
  }
}

/**
 * Does something, and shows on a terminal that a reply is waited for. In the shell a line that is drawn again and again would be in
 * the way of what is typed.
 */
export async function whileWaiting<T>(terminal: Terminal, work: () => Promise<T>): Promise<T> {
  const hideStatus = terminal.stdin instanceof Keyboard ? () => undefined : showWaiting(terminal)
  try {
    return await work()
  } finally {
    hideStatus()
  }
}

/**
 * Shows for how long a reply is waited for.
 * @returns a function that takes it away
 */
export function showWaiting({ stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>): () => void {
  if (stdout.isTTY !== true) return () => undefined
  const begin = performance.now()
  return showStatus(stderr, () => {
    const seconds = Math.floor((performance.now() - begin) / 1000)
    return seconds === 0 ? '' : `waiting for the reply, ${seconds} s; Ctrl-C gives it up`
  })
}
