/** What one packet may have at most. (The length field of version 3 has 16 bits.) */
export const LARGEST_PACKET = 65_535

/** Packets are gathered while this many octets, and one largest packet more, have room. */
const GATHERED_BYTES = 131_072

/** Memory in which the packets of one turn of the event loop are written back to back, again and again. */
export class PacketBuffer {
  /** Where to write the next packet: at `used`, LARGEST_PACKET octets at most. */
  readonly bytes = Buffer.allocUnsafeSlow(GATHERED_BYTES + LARGEST_PACKET)
  used = 0
  private readonly ends: number[] = []

  get count(): number {
    return this.ends.length
  }

  /** Whether the packets must be taken out before the next one is written. */
  get isFull(): boolean {
    return this.used > GATHERED_BYTES
  }

  add(octets: number): void {
    this.used += octets
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
