/** What a server takes, its child processes included, as the system sees it; the heap as the server sees it, after collecting garbage. */
export interface Usage {
  readonly rssBytes: number
  readonly heapBytes: number
  readonly descriptors: number
}

/**
 * How much more it may be at the end than after a third of the run, when all code is compiled and all kinds of peers are there. A leak of
 * 200 bytes for each of a million requests is more; what the allocator keeps of the largest moment is less.
 */
export const MEMORY_BOUNDS = { rssBytes: 32 * 1_048_576, heapBytes: 4 * 1_048_576 } as const

/** Of fewer samples none is from a time when all was warm. */
const FEWEST_SAMPLES = 10

/** The UNIX transport keeps a socket to reply from for when its own is full. */
const SPARE_DESCRIPTORS = 1

/** Samples to compare, and the largest value of each kind. */
export function markers(usages: readonly Usage[]) {
  const none: Usage = { rssBytes: 0, heapBytes: 0, descriptors: 0 }
  const [first = none] = usages
  const most = (key: keyof Usage): number => Math.max(...usages.map((usage) => usage[key]))
  const peak: Usage = { rssBytes: most('rssBytes'), heapBytes: most('heapBytes'), descriptors: most('descriptors') }
  return { first, warm: usages[Math.floor(usages.length / 3)] ?? first, peak, last: usages.at(-1) ?? first }
}

/** @returns what has not come back */
export function memoryFaults(usages: readonly Usage[]): string[] {
  const { warm, last, first } = markers(usages)
  const stillOpen = last.descriptors - first.descriptors - SPARE_DESCRIPTORS
  const faults = stillOpen > 0 ? [`${stillOpen} descriptors are still open`] : []
  if (usages.length < FEWEST_SAMPLES) return faults
  for (const [what, key] of [
    ['RSS', 'rssBytes'],
    ['the heap', 'heapBytes'],
  ] as const) {
    const grown = last[key] - warm[key]
    if (grown > MEMORY_BOUNDS[key]) {
      faults.push(`${what} grew by ${mebibytes(grown)}, more than ${mebibytes(MEMORY_BOUNDS[key])}`)
    }
  }
  return faults
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}
