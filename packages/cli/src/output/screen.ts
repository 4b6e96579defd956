import type { MarkedLine } from './changes.js'
import type { Style } from './style.js'

/** What a screen shows, and how large it is. */
export interface Picture {
  readonly heading: string
  readonly lines: readonly MarkedLine[]
  /** Undefined: no screen, everything is shown. */
  readonly size: { readonly rows: number; readonly columns: number } | undefined
  readonly isColoured: boolean
  readonly style: Style
}

/**
 * The lines that fit on the screen, the last of them saying how many do not. What has changed is inverted, or has a `*`
 * in front where there are no colours.
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
