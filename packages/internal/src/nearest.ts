/** Known names that a mistyped one may mean, the nearest first, at most three. */
export function nearest(typed: string, names: Iterable<string>): string[] {
  // A long text is no mistyped name, and comparing it costs its length times theirs.
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

/** `fifo_name` and `fifoName` are the same name, spelled by another habit. */
function plain(name: string): string {
  return name.replaceAll('_', '')
}

/** Letters to put in, take out or change (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
