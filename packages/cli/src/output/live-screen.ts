import { Keyboard, screenKeys } from '../keyboard.js'
import { clip, printable, width, wrapped } from '../printable.js'
import { aroundStops } from '../signals.js'
import { hasColours, hasUnicode, type Style, styleFor, styleOf, type Terminal } from '../terminal.js'
import { linesOf, type MarkedLine, markChanges, type Snapshot, snapshotOf } from './lines.js'
import { HISTORY_LENGTH, rateText, sparkline, type Trend, Trends } from './trends.js'

const OTHER_SCREEN = '\u001b[?1049h'
/** No cursor. The terminal cuts lines at its edge, since characters may be wider than one column. */
const MODES = '\u001b[?25l\u001b[?7l'
const LEAVE_SCREEN = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const FROM_TOP = '\u001b[H'
const CLEAR_LINE_REST = '\u001b[K'
const CLEAR_SCREEN_REST = '\u001b[J'

/** Columns for a rate, such as `123456.7/s`. */
const RATE_COLUMNS = 10

/** Fewer bars say too little. */
const LEAST_BARS = 4

/** A line, and how its number has changed. */
export interface ShownLine extends MarkedLine {
  readonly trend?: Trend | undefined
}

/**
 * Shows one result after the other: on a screen in place of the one before, elsewhere below it. `close` gives a screen back as
 * it was, and so does Ctrl-Z for as long as it stops the process.
 */
export class LiveScreen {
  private before: Snapshot | undefined
  private readonly trends = new Trends()
  private lines: readonly ShownLine[] = []
  private heading = ''
  private ignoreStops: (() => void) | undefined
  private keyboard: Keyboard | undefined
  private releaseKeys: (() => void) | undefined

  /**
   * @param title follows the time in the heading
   * @param onLeave called when the user leaves the screen with a key
   */
  constructor(
    private readonly terminal: Pick<Terminal, 'stdin' | 'stdout' | 'env'>,
    private readonly title: string,
    private readonly onLeave: () => void,
  ) {}

  /** Takes the keys. The screen is taken with the first result. */
  open(): void {
    const { stdin, stdout } = this.terminal
    if (!stdout.isTTY) return
    this.takeKeys(stdin)
    this.enter()
    stdout.on('resize', this.redraw)
    this.ignoreStops = aroundStops({
      leave: () => this.leave(),
      enter: () => this.enter(),
      redraw: this.redraw,
    })
  }

  /** @param isKept whether the last result is left on the screen as it was before */
  close(isKept = false): void {
    const { stdout } = this.terminal
    if (!stdout.isTTY) return
    this.ignoreStops?.()
    stdout.off('resize', this.redraw)
    this.leave()
    this.releaseKeys?.()
    if (isKept && this.heading !== '') stdout.write(`${this.picture(this.lines, undefined).join('\n')}\n`)
  }

  /** The keyboard of the shell stays as the shell has it; another one is given back at the end. */
  private takeKeys(stdin: Terminal['stdin']): void {
    if (stdin instanceof Keyboard) {
      this.keyboard = stdin
      const release = stdin.capture(screenKeys(this.onLeave))
      this.releaseKeys = () => {
        release()
        stdin.setRawMode(true)
      }
    } else if (stdin.isTTY === true) {
      const keyboard = new Keyboard(stdin)
      keyboard.capture(screenKeys(this.onLeave))
      this.keyboard = keyboard
      this.releaseKeys = () => keyboard.release()
    }
  }

  result(value: unknown): void {
    const lines = linesOf(value)
    const trends = this.trends.next(lines, performance.now())
    this.lines = markChanges(lines, this.before).map((line, index) => ({ ...line, trend: trends[index] }))
    this.before = snapshotOf(lines)
    this.show(this.title, true)
  }

  /** Shows what went wrong; on a screen the last result stays below it. */
  problem(text: string): void {
    this.show(text, false)
  }

  private show(heading: string, isResult: boolean): void {
    const isFirst = this.heading === ''
    this.heading = `${new Date().toTimeString().slice(0, 8)}  ${printable(heading)}`
    if (isFirst && this.terminal.stdout.isTTY) this.enter()
    else this.draw(isResult)
  }

  private enter(): void {
    this.keyboard?.setRawMode(true)
    if (this.heading === '') return
    this.terminal.stdout.write(OTHER_SCREEN)
    this.redraw()
  }

  private leave(): void {
    if (this.heading !== '') this.terminal.stdout.write(LEAVE_SCREEN)
    this.keyboard?.setRawMode(false)
  }

  /** The screen has a new size, or others have written on it. */
  private readonly redraw = (): void => {
    if (this.heading === '') return
    this.terminal.stdout.write(MODES)
    this.draw(false)
  }

  private draw(isResult: boolean): void {
    const { stdout, env } = this.terminal
    const { isTTY } = stdout
    // A terminal whose size was never set, such as that of a script, reports 0.
    const rows = stdout.rows || 24
    const columns = stdout.columns || 80
    const picture = this.picture(isTTY || isResult ? this.lines : [], isTTY ? { rows, columns } : undefined)
    if (!isTTY) stdout.write(`${picture.join('\n')}\n\n`)
    else {
      const hint = this.keyboard === undefined ? '' : styleOf(stdout, env).dim('q leaves')
      const drawn = picture.map((line) => `${line}${CLEAR_LINE_REST}\n`).join('')
      stdout.write(`${FROM_TOP}${drawn}${CLEAR_SCREEN_REST}${hint}`)
    }
  }

  private picture(lines: readonly ShownLine[], size: Picture['size']): string[] {
    const { stdout, env } = this.terminal
    const isColoured = hasColours(stdout, env)
    const style = styleFor(isColoured)
    return screen({ heading: this.heading, lines, size, isColoured, isUnicode: hasUnicode(env), style })
  }
}

/** What to show, and how large the screen is. */
export interface Picture {
  readonly heading: string
  readonly lines: readonly ShownLine[]
  /** Undefined where there is no screen: everything is shown. */
  readonly size: { readonly rows: number; readonly columns: number } | undefined
  readonly isColoured: boolean
  /** Whether bars may be characters beyond ASCII. @default false */
  readonly isUnicode?: boolean | undefined
  readonly style: Style
}

/**
 * The lines that fit on the screen; the last one says how many more there are. Changed lines are inverted, or have a `*` in
 * front where there are no colours. Numbers that change have their rate and, on a screen, a row of bars.
 */
export function screen(picture: Picture): string[] {
  const { heading, lines, size, style } = picture
  const head =
    size === undefined ? [heading] : wrapped(heading, size.columns).map((line) => clipped(line, size.columns))
  const room = size === undefined ? lines.length : Math.max(1, size.rows - 1 - head.length)
  const shown = lines.length > room ? lines.slice(0, room - 1) : lines
  const body = shown.map(rowsOf(shown, picture))
  const rest = lines.length - shown.length
  const more = rest === 0 ? [] : [style.dim(`... ${rest} more lines`)]
  return [...head.map(style.bold), ...body, ...more]
}

function rowsOf(
  shown: readonly ShownLine[],
  { size, isColoured, isUnicode, style }: Picture,
): (line: ShownLine) => string {
  const textOf = ({ text, isChanged }: ShownLine): string => (isColoured ? text : `${isChanged ? '*' : ' '} ${text}`)
  const inverted = (text: string, { isChanged }: ShownLine): string => (isChanged ? style.changed(text) : text)
  if (size === undefined) {
    return (line) => {
      const rate = line.trend === undefined || !line.isChanged ? '' : `  ${rateText(line.trend.rate)}`
      return `${inverted(textOf(line), line)}${rate}`
    }
  }
  const { columns } = size
  const widest = Math.max(0, ...shown.filter(({ trend }) => trend !== undefined).map((line) => width(textOf(line))))
  // The values come first, then their rates, then bars.
  const room = columns - widest - RATE_COLUMNS
  const bars = Math.min(HISTORY_LENGTH, room - 2)
  return (line) => {
    const text = textOf(line)
    if (line.trend === undefined || room < 0) return inverted(clipped(text, columns), line)
    const rate = rateText(line.trend.rate).padStart(widest - width(text) + RATE_COLUMNS)
    const row = bars < LEAST_BARS ? '' : `  ${sparkline(line.trend.history.slice(-bars), isUnicode === true)}`
    return `${inverted(text, line)}${rate}${style.name(row)}`
  }
}

/** Neither tabs nor line ends may move the rest of the screen. */
function clipped(text: string, columns: number): string {
  return clip(text.replaceAll('\t', '    ').replaceAll('\n', ' '), columns)
}
