/**
 * Counts the requests that one socket has received, and those that are settled: answered, dropped, or not to be answered.
 * Where several processes serve a socket the numbers lie in memory that they share, so that what a process had not
 * answered is known after its death.
 */
export class RequestCounters {
  /**
   * @param numbers two for each process: received, settled
   * @param index which process
   */
  constructor(
    private readonly numbers: Float64Array = new Float64Array(2),
    private readonly index = 0,
  ) {}

  received(count: number): void {
    this.add(2 * this.index, count)
  }

  settled(count: number): void {
    this.add(2 * this.index + 1, count)
  }

  /** Received and not settled. */
  get open(): number {
    return (this.numbers[2 * this.index] ?? 0) - (this.numbers[2 * this.index + 1] ?? 0)
  }

  reset(): void {
    this.numbers.fill(0, 2 * this.index, 2 * this.index + 2)
  }

  private add(at: number, count: number): void {
    this.numbers[at] = (this.numbers[at] ?? 0) + count
  }
}
