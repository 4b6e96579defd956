import { printable } from '../printable.js'
import { aroundStops } from '../signals.js'
import { hasColours, type Style, styleFor, type Terminal } from '../terminal.js'
import { linesOf, type MarkedLine, markChanges, type Snapshot, snapshotOf } from './lines.js'

const OTHER_SCREEN = '\u001b[?1049h'
/** No cursor. The terminal cuts lines at its edge, since characters may be wider than one column. */
const MODES = '\u001b[?25l\u001b[?7l'
const LEAVE_SCREEN = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const FROM_TOP = '\u001b[H'
const CLEAR_LINE_REST = '\u001b[K'
const CLEAR_SCREEN_REST = '\u001b[J'

/**
 * Shows one result after the other: on a screen in place of the one before, elsewhere below it. `close` gives a screen back as
 * it was, and so does Ctrl-Z for as long as it stops the process.
 */
export class LiveScreen {
  private before: Snapshot | undefined
  private lines: readonly MarkedLine[] = []
  private heading = ''
  private ignoreStops: (() => void) | undefined

  /** @param title follows the time in the heading */
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

  result(value: unknown): void {
    const lines = linesOf(value)
    this.lines = markChanges(lines, this.before)
    this.before = snapshotOf(lines)
    this.show(this.title, true)
  }

  /** Shows what went wrong; on a screen the last result stays below it. */
  problem(text: string): void {
    this.show(text, false)
  }

  private show(heading: string, isResult: boolean): void {
    this.heading = `${new Date().toTimeString().slice(0, 8)}  ${printable(heading)}`
    this.draw(isResult)
  }

  private enter(): void {
    this.terminal.stdout.write(OTHER_SCREEN)
    this.redraw()
  }

  private leave(): void {
    this.terminal.stdout.write(LEAVE_SCREEN)
  }

  /** The screen has a new size, or others have written on it. */
  private readonly redraw = (): void => {
    this.terminal.stdout.write(MODES)
    if (this.heading !== '') this.draw(false)
  }

  private draw(isResult: boolean): void {
    const { stdout, env } = this.terminal
    const { isTTY } = stdout
    // A terminal whose size was never set, such as that of a script, reports 0.
    const rows = stdout.rows || 24
    const columns = stdout.columns || 80
    const isColoured = hasColours(stdout, env)
    const picture = screen({
      heading: this.heading,
      lines: isTTY || isResult ? this.lines : [],
      size: isTTY ? { rows, columns } : undefined,
      isColoured,
      style: styleFor(isColoured),
    })
    if (!isTTY) stdout.write(`${picture.join('\n')}\n\n`)
    else stdout.write(`${FROM_TOP}${picture.map((line) => `${line}${CLEAR_LINE_REST}\n`).join('')}${CLEAR_SCREEN_REST}`)
  }
}

/** What to show, and how large the screen is. */
export interface Picture {
  readonly heading: string
  readonly lines: readonly MarkedLine[]
  /** Undefined where there is no screen: everything is shown. */
  readonly size: { readonly rows: number; readonly columns: number } | undefined
  readonly isColoured: boolean
  readonly style: Style
}

/**
 * The lines that fit on the screen; the last one says how many more there are. Changed lines are inverted, or have a `*` in
 * front where there are no colours.
 */
export function screen({ heading, lines, size, isColoured, style }: Picture): string[] {
  const room = size === undefined ? lines.length : Math.max(1, size.rows - 2)
  const shown = lines.length > room ? lines.slice(0, room - 1) : lines
  const body = shown.map(({ text, isChanged }) => {
    const marked = isColoured ? text : `${isChanged ? '*' : ' '} ${text}`
    const cut = size === undefined ? marked : clip(marked, size.columns)
    return isChanged ? style.changed(cut) : cut
  })
  const rest = lines.length - shown.length
  const more = rest === 0 ? [] : [style.dim(`... ${rest} more lines`)]
  return [style.bold(size === undefined ? heading : clip(heading, size.columns)), ...body, ...more]
}

function clip(text: string, columns: number): string {
  return [...text.replaceAll('\t', '    ').replaceAll('\n', ' ')].slice(0, columns).join('')
}
