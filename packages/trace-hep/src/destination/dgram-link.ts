import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { UdpTarget } from './datagram-link.js'
import type { Link, LinkEvents } from './link.js'

/** Octets that node:dgram may hold of what the system had no room for. */
const MOST_QUEUED_BYTES = 1_048_576

/** A UDP socket over node:dgram, where `@mi/posix` is not installed. */
export async function openDgramLink({ type, address, port }: UdpTarget, events: LinkEvents): Promise<Link> {
  const socket = createSocket(type)
  try {
    const connected = once(socket, 'connect')
    socket.connect(port, address)
    await connected
    return new DgramLink(socket, events)
  } catch (error) {
    socket.close()
    throw error
  }
}

class DgramLink implements Link {
  unsettled = 0
  private isFull = false
  private closed = false
  private readonly onSent = (error: Error | null): void => {
    if (this.closed) return
    this.unsettled--
    if (error === null) this.events.sent(1)
    else this.events.lost(1, error)
    if (!this.isFull || this.unsettled > 0) return
    this.isFull = false
    this.events.ready()
  }

  constructor(
    private readonly socket: Socket,
    private readonly events: LinkEvents,
  ) {
    // Of a packet that went out and was counted: there is nothing to add up.
    socket.on('error', (error) => {
      if (!this.closed) events.lost(0, error)
    })
  }

  send(packets: readonly Uint8Array[]): number {
    let taken = 0
    for (const packet of packets) {
      if (this.socket.getSendQueueSize() >= MOST_QUEUED_BYTES) {
        this.isFull = true
        break
      }
      this.unsettled++
      taken++
      // A copy, since node:dgram may keep it after this call.
      this.socket.send(Buffer.from(packet), this.onSent)
    }
    return taken
  }

  end(): void {
    this.destroy()
    this.events.closed(new Error('the socket was closed'))
  }

  destroy(): void {
    this.closed = true
    this.socket.close()
  }
}
