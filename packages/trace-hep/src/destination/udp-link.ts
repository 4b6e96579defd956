import type { Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIP, isIPv6 } from 'node:net'
import { constants } from 'node:os'
import type { MiLogger } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import type { FindPosix } from '@mi/internal/optional-posix'
import type { DatagramPeer, DatagramSocket } from '@mi/posix'
import { openUdpSocket } from '../udp-socket.js'
import type { HepPlace } from './hep-id.js'
import type { Link, LinkEvents } from './link.js'

/** What the system may hold of a burst, and what node:dgram may hold when the system has no room, in bytes. */
const SEND_BUFFER_BYTES = 1_048_576

const ERROR_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [number, name]),
)

/** What a UDP link needs besides its place. */
export interface UdpLinkContext {
  readonly log: MiLogger
  readonly findPosix: FindPosix
}

/**
 * A UDP socket that is connected to the capture server: only then does the system report that nobody listens there. It is a
 * socket of `@mi/posix`, which sends many packets by one call, or of node:dgram where that is not installed.
 */
export class UdpLink implements Link {
  unsettled = 0
  private native: DatagramSocket | undefined
  private plain: Socket | undefined
  private isClosed = false
  /** Whether `send` found no room in node:dgram. */
  private isFull = false
  /** The capture server, as often as packets were sent at once. */
  private readonly peers: DatagramPeer[] = []
  private readonly onSent = (error: Error | null): void => {
    if (this.isClosed) return
    this.unsettled--
    if (error === null) this.events.sent(1)
    else this.events.lost(1, error)
    if (!this.isFull || this.unsettled > 0) return
    this.isFull = false
    this.events.ready()
  }

  constructor(
    place: Pick<HepPlace, 'host' | 'port'>,
    private readonly context: UdpLinkContext,
    private readonly events: LinkEvents,
  ) {
    this.open(place).catch((error: unknown) => {
      if (!this.isClosed) events.closed(error instanceof Error ? error : new Error(errorText(error)))
    })
  }

  send(packets: readonly Uint8Array[]): number {
    if (this.native !== undefined) return this.sendNatively(this.native, packets)
    return this.plain === undefined ? 0 : this.sendPlainly(this.plain, packets)
  }

  end(): void {
    this.destroy()
    this.events.closed(new Error('the socket was closed'))
  }

  destroy(): void {
    this.isClosed = true
    this.native?.close()
    this.plain?.close()
  }

  private async open({ host, port }: Pick<HepPlace, 'host' | 'port'>): Promise<void> {
    const [address, search] = await Promise.all([addressOf(host), this.context.findPosix()])
    // Of a packet that went out and was counted: there is nothing to add.
    const onError = (error: unknown): void => {
      if (!this.isClosed) this.events.lost(0, error)
    }
    if (search.posix !== undefined) {
      const type = isIPv6(address) ? 'udp6' : 'udp4'
      this.native = await search.posix.openDatagram({
        bind: { type, address: type === 'udp6' ? '::' : '0.0.0.0', port: 0 },
        connect: { type, address, port },
        maxBatch: 1,
        maxMessageBytes: 1,
        sendBufferBytes: SEND_BUFFER_BYTES,
        onWritable: () => this.events.ready(),
        onError,
      })
    } else {
      if (!search.isAbsent) {
        const text = '@mi/posix is installed but cannot be used: HEP over UDP goes out by node:dgram, which is slower'
        this.context.log.warn({ reason: search.reason, err: search.cause }, text)
      }
      this.plain = await openUdpSocket({ use: 'connect', address, port })
      this.plain.on('error', onError)
    }
    // Closed while it was opened: `destroy` had nothing to close.
    if (this.isClosed) this.destroy()
    else this.events.opened()
  }

  private sendNatively(socket: DatagramSocket, packets: readonly Uint8Array[]): number {
    const { peers } = this
    const { remote } = socket
    if (remote !== undefined) while (peers.length < packets.length) peers.push(remote)
    if (socket.send(packets, peers) === 0) {
      this.events.sent(packets.length)
      return packets.length
    }
    // Packets that the system had no room for wait; others that were not sent are lost.
    const results = socket.results.subarray(0, packets.length)
    const full = results.indexOf(-constants.errno.EAGAIN)
    const taken = full === -1 ? packets.length : full
    const failed = results.subarray(0, taken).filter((result) => result < 0)
    this.events.sent(taken - failed.length)
    if (failed.length > 0) this.events.lost(failed.length, systemError(-(failed[0] ?? 0)))
    if (full !== -1) socket.awaitWritable()
    return taken
  }

  private sendPlainly(socket: Socket, packets: readonly Uint8Array[]): number {
    let taken = 0
    for (const packet of packets) {
      if (socket.getSendQueueSize() >= SEND_BUFFER_BYTES) {
        this.isFull = true
        break
      }
      this.unsettled++
      taken++
      // A copy, since node:dgram may keep it after this call.
      socket.send(Buffer.from(packet), this.onSent)
    }
    return taken
  }
}

async function addressOf(host: string): Promise<string> {
  return isIP(host) === 0 ? (await lookup(host)).address : host
}

function systemError(errno: number): Error {
  const code = ERROR_NAMES.get(errno) ?? `error ${errno}`
  return Object.assign(new Error(`send ${code}`), { code })
}
