/** Marks texts for a screen. */
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

const start = '\u001b['

const plain = (text: string): string => text

/** @param isColoured without it, texts stay as they are */
export function styleFor(isColoured: boolean): Style {
  const mark =
    (on: number, off: number) =>
    (text: string): string =>
      `${start}${on}m${text}${start}${off}m`
  const use = (on: number, off: number): ((text: string) => string) => (isColoured ? mark(on, off) : plain)
  return {
    name: use(36, 39),
    text: use(32, 39),
    number: use(33, 39),
    word: use(35, 39),
    bold: use(1, 22),
    dim: use(2, 22),
    error: use(31, 39),
    changed: use(7, 27),
  }
}
