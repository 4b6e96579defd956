import { availableParallelism } from 'node:os'

/**
 * How long a thread looks at the cells before it sleeps. To wake it takes longer than most commands do: on two virtual cores
 * that were idle, 16,000 calls a second became 40,000 and more by this (Node.js 20.20, 2026-11-21).
 */
const SPIN_MS = 0.05

/** Looks at the cells between two at the clock, which costs more. */
const LOOKS = 16

/** With one core, looking only keeps the worker from it. */
const spins = availableParallelism() > 1

/** The cells in shared memory, by number. */
const RINGS = 0
const TAKEN = 1
const ENDED = 2
const CELLS = 3

/** What a blocked thread hears from the worker that it waits for: a few numbers in memory that both share. */
export class Bell {
  constructor(readonly cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT))) {}

  /** How often the worker has rung. */
  get rings(): number {
    return Atomics.load(this.cells, RINGS)
  }

  /** The number of the call that the worker took last. */
  get taken(): number {
    return Atomics.load(this.cells, TAKEN)
  }

  /** Whether the worker has ended, as far as it could still say so: one that is out of memory cannot. */
  get ended(): boolean {
    return Atomics.load(this.cells, ENDED) !== 0
  }

  /** Blocks the thread until the worker has rung more often than `rings`, at most so long. */
  wait(rings: number, timeoutMs: number): void {
    if (spins && this.ringsSoon(rings)) return
    Atomics.wait(this.cells, RINGS, rings, timeoutMs)
  }

  private ringsSoon(rings: number): boolean {
    const endMs = performance.now() + SPIN_MS
    do {
      for (let look = 0; look < LOOKS; look++) if (this.rings !== rings) return true
    } while (performance.now() < endMs)
    return false
  }

  /** The worker's: there is something to receive. */
  ring(): void {
    Atomics.add(this.cells, RINGS, 1)
    Atomics.notify(this.cells, RINGS)
  }

  /** The worker's. */
  take(number: number): void {
    Atomics.store(this.cells, TAKEN, number)
  }

  /** The worker's, as the last thing that it does. */
  end(): void {
    Atomics.store(this.cells, ENDED, 1)
    this.ring()
  }
}
