import type { DatagramPeer } from './datagram.js'

/** What arrives while a socket is paused, as the system would keep it: in order, no more than fits its buffer. */
export class HeldMessages<P extends DatagramPeer> {
  private texts: (string | null)[] = []
  private peers: P[] = []
  private octets: number[] = []
  private total = 0

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.texts.length === 0
  }

  /** @param octets what it takes of the buffer. A message that does not fit is lost, as with any UDP socket. */
  add(text: string | null, peer: P, octets: number): void {
    // The system counts some overhead too, without which empty messages would take no room.
    const size = octets + OVERHEAD_BYTES
    if (this.total + size > this.maxBytes) return
    this.total += size
    this.texts.push(text)
    this.peers.push(peer)
    this.octets.push(size)
  }

  /** Takes out the oldest ones, `count` at most. */
  take(count: number): { readonly texts: readonly (string | null)[]; readonly peers: readonly P[] } {
    for (const size of this.octets.splice(0, count)) this.total -= size
    return { texts: this.texts.splice(0, count), peers: this.peers.splice(0, count) }
  }
}

/** About what Linux adds to a datagram in its buffer. */
const OVERHEAD_BYTES = 512
