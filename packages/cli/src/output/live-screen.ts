import { hasColours, type Terminal } from '../terminal.js'
import { type MarkedLine, markChanges, type Snapshot, snapshotOf } from './changes.js'
import { linesOf } from './lines.js'
import { printable } from './printable.js'
import { screen } from './screen.js'
import { styleFor } from './style.js'

const enterScreen = '\u001b[?1049h\u001b[?25l'
const leaveScreen = '\u001b[?25h\u001b[?1049l'
const fromTop = '\u001b[H'
const clearLineRest = '\u001b[K'
const clearScreenRest = '\u001b[J'

/**
 * Shows one answer after the other: on a screen each in place of the one before, elsewhere below it. What a screen showed
 * before comes back with `close`.
 */
export class LiveScreen {
  private before: Snapshot | undefined
  private lines: readonly MarkedLine[] = []

  /** @param title what the heading says besides the time */
  constructor(
    private readonly terminal: Pick<Terminal, 'stdout' | 'env'>,
    private readonly title: string,
  ) {}

  open(): void {
    if (this.terminal.stdout.isTTY) this.terminal.stdout.write(enterScreen)
  }

  close(): void {
    if (this.terminal.stdout.isTTY) this.terminal.stdout.write(leaveScreen)
  }

  answer(value: unknown): void {
    const lines = linesOf(value)
    this.lines = markChanges(lines, this.before)
    this.before = snapshotOf(lines)
    this.draw(this.title, true)
  }

  /** What went wrong; on a screen the last answer stays below it. */
  problem(text: string): void {
    this.draw(text, false)
  }

  private draw(heading: string, isAnswer: boolean): void {
    const { stdout, env } = this.terminal
    const { isTTY, rows = 24, columns = 80 } = stdout
    const isColoured = hasColours(stdout, env)
    const picture = screen({
      heading: `${new Date().toTimeString().slice(0, 8)}  ${printable(heading)}`,
      lines: isTTY || isAnswer ? this.lines : [],
      size: isTTY ? { rows, columns } : undefined,
      isColoured,
      style: styleFor(isColoured),
    })
    if (!isTTY) stdout.write(`${picture.join('\n')}\n\n`)
    else stdout.write(`${fromTop}${picture.map((line) => `${line}${clearLineRest}\n`).join('')}${clearScreenRest}`)
  }
}
