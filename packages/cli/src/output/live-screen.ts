import { aroundStops } from '../suspension.js'
import { hasColours, type Terminal } from '../terminal.js'
import { type MarkedLine, markChanges, type Snapshot, snapshotOf } from './changes.js'
import { linesOf } from './lines.js'
import { printable } from './printable.js'
import { screen } from './screen.js'
import { styleFor } from './style.js'

const otherScreen = '\u001b[?1049h'
/** Without cursor. Lines are cut at the edge, since characters may be wider than one column. */
const modes = '\u001b[?25l\u001b[?7l'
const leaveScreen = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const fromTop = '\u001b[H'
const clearLineRest = '\u001b[K'
const clearScreenRest = '\u001b[J'

/**
 * Shows one answer after the other: on a screen each in place of the one before, elsewhere below it. What a screen showed
 * before comes back with `close`, and for as long as Ctrl-Z stops the process.
 */
export class LiveScreen {
  private before: Snapshot | undefined
  private lines: readonly MarkedLine[] = []
  private heading = ''
  private ignoreStops: (() => void) | undefined

  /** @param title what the heading says besides the time */
  constructor(
    private readonly terminal: Pick<Terminal, 'stdout' | 'env'>,
    private readonly title: string,
  ) {}

  open(): void {
    const { stdout } = this.terminal
    if (!stdout.isTTY) return
    this.enter()
    stdout.on('resize', this.redraw)
    this.ignoreStops = aroundStops({
      leave: () => this.leave(),
      enter: () => this.enter(),
      redraw: this.redraw,
    })
  }

  close(): void {
    const { stdout } = this.terminal
    if (!stdout.isTTY) return
    this.ignoreStops?.()
    stdout.off('resize', this.redraw)
    this.leave()
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

  private enter(): void {
    this.terminal.stdout.write(otherScreen)
    this.redraw()
  }

  private leave(): void {
    this.terminal.stdout.write(leaveScreen)
  }

  /** The screen has another size, or others have written on it. */
  private readonly redraw = (): void => {
    this.terminal.stdout.write(modes)
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
