const SMALLEST_BYTES = 4096

/**
 * Puts pieces together, within a bound. It costs at most twice what it holds, however small the pieces are: a list of pieces
 * costs hundreds of bytes for each, so that a peer that sends single bytes could take gigabytes.
 */
export class GrowingBuffer {
  private bytes: Buffer = EMPTY
  private length = 0

  /** @param maxBytes the most that is held */
  constructor(private readonly maxBytes: number) {}

  /** @returns false when it does not fit; nothing is added then */
  push(piece: Buffer): boolean {
    const needed = this.length + piece.length
    if (needed > this.maxBytes) return false
    if (piece.length === 0) return true
    if (this.length === 0) {
      // The usual case, one piece: it is not copied. Its owner does not write to it again.
      this.bytes = piece
    } else {
      if (needed > this.bytes.length) this.grow(needed)
      piece.copy(this.bytes, this.length)
    }
    this.length = needed
    return true
  }

  /** All that was added; it is then empty. */
  take(): Buffer {
    const all = this.bytes.subarray(0, this.length)
    this.bytes = EMPTY
    this.length = 0
    return all
  }

  private grow(needed: number): void {
    const wider = Buffer.allocUnsafeSlow(Math.max(2 * needed, SMALLEST_BYTES))
    this.bytes.copy(wider, 0, 0, this.length)
    this.bytes = wider
  }
}

const EMPTY = Buffer.alloc(0)
