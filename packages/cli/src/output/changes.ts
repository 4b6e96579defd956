import { type Line, lineText } from './lines.js'

/** A line and what has become of it since the last time. */
export interface MarkedLine {
  readonly text: string
  /** Another value than before, or not there before. Nothing is when there was no before. */
  readonly isChanged: boolean
}

/** The lines of a result by their paths. */
export type Snapshot = ReadonlyMap<string, Line>

/** Keeps what the next result is held against. */
export function snapshotOf(lines: readonly Line[]): Snapshot {
  return new Map(lines.map((line) => [line.path, line]))
}

/** Marks what differs from the result before; numbers also say by how much: `rcv_requests: 1034 (+12)`. */
export function markChanges(lines: readonly Line[], before: Snapshot | undefined): MarkedLine[] {
  return lines.map((line) => {
    const text = lineText(line)
    if (before === undefined) return { text, isChanged: false }
    const old = before.get(line.path)
    if (old?.value === line.value && old?.name === line.name) return { text, isChanged: false }
    const difference = numberOf(line.value) - numberOf(old?.value)
    if (!Number.isFinite(difference)) return { text, isChanged: true }
    return { text: `${text} (${difference < 0 ? '' : '+'}${difference})`, isChanged: true }
  })
}

/** Servers send some numbers as texts. NaN for what is none, and for what is too large to be told apart. */
function numberOf(value: Line['value']): number {
  if (typeof value !== 'number' && (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value))) return Number.NaN
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : Number.NaN
}
