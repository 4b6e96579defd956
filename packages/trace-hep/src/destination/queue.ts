/** Packets that wait, in order: at most so many, the ones under way included. */
export class Queue {
  private packets: (Uint8Array | undefined)[] = []
  /** Where the oldest is; those before it are gone. */
  private head = 0
  /** Whether some were dropped since it was last empty. */
  overflows = false

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.packets.length - this.head
  }

  /**
   * Puts a packet behind the others, in place of the oldest where there is no room.
   * @param underway packets that have left the queue and still count
   * @returns how many were dropped
   */
  add(packet: Uint8Array, underway: number): number {
    const room = this.limit - underway
    if (room <= 0) return 1
    this.packets.push(packet)
    const surplus = Math.max(0, this.length - room)
    this.remove(surplus)
    return surplus
  }

  /** @returns the oldest ones, which stay */
  first(count: number): readonly Uint8Array[] {
    return this.packets.slice(this.head, this.head + count).filter((packet) => packet !== undefined)
  }

  /** Takes the oldest ones away. */
  remove(count: number): void {
    const end = Math.min(this.head + count, this.packets.length)
    // What is gone must not stay in memory until the array is cut.
    this.packets.fill(undefined, this.head, end)
    this.head = end
    if (this.length === 0) this.overflows = false
    // Cutting the array each time would cost as much as it is long.
    if (this.length > 0 && this.head <= this.limit) return
    this.packets = this.packets.slice(this.head)
    this.head = 0
  }
}
