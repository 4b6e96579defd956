import { hasColours, type Terminal } from '../terminal.js'
import { type MarkedLine, markChanges, type Snapshot, snapshotOf } from './changes.js'
import { linesOf } from './lines.js'
import { printable } from './printable.js'
import { screen } from './screen.js'
import { styleFor } from './style.js'

/** Another screen, without cursor. Lines are cut at its edge, since characters may be wider than one column. */
const enterScreen = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const leaveScreen = '\u001b[?7h\u001b[?25h\u001b[?1049l'
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
  private heading = ''

  /** @param title what the heading says besides the time */
  constructor(
    private readonly terminal: Pick<Terminal, 'stdout' | 'env'>,
    private readonly title: string,
  ) {}

  open(): void {
    const { stdout } = this.terminal
    if (!stdout.isTTY) return
    stdout.write(enterScreen)
    stdout.on('resize', this.redraw)
  }

  close(): void {
    const { stdout } = this.terminal
    if (!stdout.isTTY) return
    stdout.off('resize', this.redraw)
    stdout.write(leaveScreen)
  }

  answer(value: unknown): void {
    const lines = linesOf(value)
    this.lines = markChanges(lines, this.before)
    this.before = snapshotOf(lines)
    this.show(this.title, true)
  }

  /** What went wrong; on a screen the last answer stays below it. */
  problem(text: string): void {
    this.show(text, false)
  }

  private show(heading: string, isAnswer: boolean): void {
    this.heading = `${new Date().toTimeString().slice(0, 8)}  ${printable(heading)}`
    this.draw(isAnswer)
  }

  /** The screen has another size. */
  private readonly redraw = (): void => {
    if (this.heading !== '') this.draw(false)
  }

  private draw(isAnswer: boolean): void {
    const { stdout, env } = this.terminal
    const { isTTY } = stdout
    // A terminal that nobody has told its size, such as that of a script, says 0.
    const rows = stdout.rows || 24
    const columns = stdout.columns || 80
    const isColoured = hasColours(stdout, env)
    const picture = screen({
      heading: this.heading,
      lines: isTTY || isAnswer ? this.lines : [],
      size: isTTY ? { rows, columns } : undefined,
      isColoured,
      style: styleFor(isColoured),
    })
    if (!isTTY) stdout.write(`${picture.join('\n')}\n\n`)
    else stdout.write(`${fromTop}${picture.map((line) => `${line}${clearLineRest}\n`).join('')}${clearScreenRest}`)
  }
}
