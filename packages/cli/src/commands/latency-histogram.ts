/** How many steps there are between a power of two and the next: values are off by 1/64 at most, under 2 per cent. */
const steps = 64

/** The longest time that is told apart: 2^40 microseconds are 12 days. */
const powers = 40

/** Counts times in a memory of fixed size, so that a measurement may go on for as long as it likes. */
export class LatencyHistogram {
  count = 0
  private readonly counts = new Float64Array(steps * (powers + 1))
  private shortest = Number.POSITIVE_INFINITY
  private longest = 0
  private sum = 0

  /** @param ms not negative */
  add(ms: number): void {
    this.count++
    this.sum += ms
    this.shortest = Math.min(this.shortest, ms)
    this.longest = Math.max(this.longest, ms)
    const at = indexOf(ms)
    this.counts[at] = (this.counts[at] ?? 0) + 1
  }

  /** In milliseconds; 0 while nothing was counted. */
  get min(): number {
    return this.count === 0 ? 0 : this.shortest
  }

  get max(): number {
    return this.longest
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  /**
   * The time that so many per cent stay within, in milliseconds.
   * @param percent from 0 to 100
   */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil((this.count * percent) / 100))
    let seen = 0
    for (const [at, count] of this.counts.entries()) {
      seen += count
      if (seen >= wanted) return Math.min(this.longest, Math.max(this.shortest, upperEnd(at)))
    }
    return this.longest
  }
}

/** Under 64 microseconds each has a place of its own, above each 64th part of a power of two. */
function indexOf(ms: number): number {
  const us = Math.floor(ms * 1000)
  if (us < steps) return us
  const power = Math.min(powers - 1, Math.floor(Math.log2(us)))
  const within = Math.min(steps - 1, Math.floor((us / 2 ** power - 1) * steps))
  return steps * (power - 5) + within
}

function upperEnd(at: number): number {
  if (at < steps) return (at + 1) / 1000
  const power = Math.floor(at / steps) + 5
  return (2 ** power * (1 + ((at % steps) + 1) / steps)) / 1000
}
