import { MAX_PACKET_BYTES } from '../codec/bytes.js'

/** Packets are gathered up to this many bytes; then there is room for one more of the largest. */
const GATHERED_BYTES = 131_072

/** Memory in which the packets of one turn of the event loop are written back to back, again and again. */
export class PacketBuffer {
  /** Where to write the next packet: at `used`, MAX_PACKET_BYTES bytes at most. */
  readonly bytes = Buffer.allocUnsafeSlow(GATHERED_BYTES + MAX_PACKET_BYTES)
  used = 0
  private readonly ends: number[] = []

  get count(): number {
    return this.ends.length
  }

  /** Whether the packets must be taken out before the next one is written. */
  get isFull(): boolean {
    return this.used > GATHERED_BYTES
  }

  add(packetBytes: number): void {
    this.used += packetBytes
    this.ends.push(this.used)
  }

  /** @returns the packets, in memory that the next ones are written to */
  take(): readonly Uint8Array[] {
    const { bytes, ends } = this
    const packets = new Array<Uint8Array>(ends.length)
    let start = 0
    for (let index = 0; index < ends.length; index++) {
      const end = ends[index] ?? start
      packets[index] = bytes.subarray(start, end)
      start = end
    }
    ends.length = 0
    this.used = 0
    return packets
  }
}

/** Packets that wait, in order: at most so many, those under way included. */
export class PacketQueue {
  private packets: (Uint8Array | undefined)[] = []
  /** Where the oldest is; the places before it are empty. */
  private head = 0
  /** Whether some were dropped since it was last empty. */
  overflows = false

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.packets.length - this.head
  }

  /**
   * Adds a packet, in place of the oldest where there is no room.
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
    // They must not stay in memory until the array is cut.
    this.packets.fill(undefined, this.head, end)
    this.head = end
    if (this.length === 0) this.overflows = false
    // Cutting the array each time would cost as much as it is long.
    if (this.length > 0 && this.head <= this.limit) return
    this.packets = this.packets.slice(this.head)
    this.head = 0
  }
}
