/**
 * What was asked of the server once and need not be asked again. Those who ask for the same at the same time share the
 * answer; a failed look-up is forgotten.
 */
export class LookUps<T> {
  private readonly found = new Map<string, Promise<T>>()

  /**
   * @param look asks the server
   * @param limit how many answers are kept; beyond it the oldest is forgotten
   */
  constructor(
    private readonly look: (key: string) => Promise<T>,
    private readonly limit: number,
  ) {}

  /** @param fresh asks anew, whatever is kept */
  get(key: string, fresh = false): Promise<T> {
    const kept = fresh ? undefined : this.found.get(key)
    if (kept !== undefined) return kept
    const answer = this.look(key)
    this.found.delete(key)
    this.found.set(key, answer)
    for (const oldest of this.found.keys()) {
      if (this.found.size <= this.limit) break
      this.found.delete(oldest)
    }
    answer.catch(() => {
      // Told to whoever awaits the answer; here it is only kept from being given again.
      if (this.found.get(key) === answer) this.found.delete(key)
    })
    return answer
  }

  clear(): void {
    this.found.clear()
  }
}
