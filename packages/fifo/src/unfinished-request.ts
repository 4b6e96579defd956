/** How many places to resume at are remembered: each may cost reading what is behind it once more. */
const MAX_RESTARTS = 16

/** A buffer that grew beyond this for a large request is not kept for the next one. */
const LARGEST_KEPT_BUFFER = 65_536

/**
 * What earlier reads brought of a request that is not whole yet: its bytes, the head included, and the places in them where
 * another request may have begun. A request that turns out too large is skipped: of that, only the bytes from the first
 * such place on are kept.
 */
export class UnfinishedRequest {
  /** Offsets, in the bytes that are kept, of reads that began with a colon: the first few of them. */
  restarts: number[] = []
  /** Whether the request is too large, and skipped. */
  oversize = false
  /** Bytes that are kept. */
  length = 0
  private buffer = Buffer.alloc(0)

  constructor(private readonly maxRequestBytes: number) {}

  /** Another request may begin behind what is kept. */
  markRestart(): void {
    if (this.restarts.length < MAX_RESTARTS) this.restarts.push(this.length)
  }

  keep(bytes: Buffer): void {
    if (this.oversize && this.restarts.length === 0) return
    this.append(bytes)
    if (!this.oversize || this.length <= this.maxRequestBytes) return
    this.length = 0
    this.restarts = []
  }

  /** The bytes that are kept and those of this read behind them; good until the next call. */
  joined(bytes: Buffer): Buffer {
    if (this.length === 0) return bytes
    this.append(bytes)
    return this.buffer.subarray(0, this.length)
  }

  copy(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length))
  }

  /** The request is too large: lets go of its bytes. */
  letGo(): void {
    const [from = this.length] = this.restarts
    this.oversize = true
    this.buffer = Buffer.from(this.buffer.subarray(from, this.length))
    this.length -= from
    this.restarts = this.restarts.map((offset) => offset - from)
  }

  /** The request is over, one way or the other. */
  forget(): void {
    this.length = 0
    this.oversize = false
    this.restarts = []
    if (this.buffer.length > LARGEST_KEPT_BUFFER) this.buffer = Buffer.alloc(0)
  }

  private append(bytes: Buffer): void {
    const total = this.length + bytes.length
    if (total > this.buffer.length) {
      const wider = Buffer.allocUnsafe(total * 2)
      this.buffer.copy(wider, 0, 0, this.length)
      this.buffer = wider
    }
    bytes.copy(this.buffer, this.length)
    this.length = total
  }
}
