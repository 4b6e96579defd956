/** Known names that a mistyped name may mean, at most three, the nearest first. */
export function nearest(typed: string, names: Iterable<string>): string[] {
  // A long text is not a mistyped name, and comparing costs its length times theirs.
  if (typed.length > 100) return []
  const wanted = typed.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return [...names]
    .map((name) => ({ name, distance: editDistance(plain(wanted), plain(name.toLowerCase())) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** `fifo_name` and `fifoName` are the same name in two spellings. */
function plain(name: string): string {
  return name.replaceAll('_', '')
}

/** Letters to insert, delete, change, or swap with their neighbour. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change, swap))
    }
    before = row
    row = next
  }
  return row.at(-1) ?? 0
}
