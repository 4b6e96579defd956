import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { constants } from 'node:os'
import type { DatagramPeer, DatagramSocket } from '@mi/posix'
import { openDgramLink } from './dgram-link.js'
import type { HepPlace } from './hep-id.js'
import type { Link, LinkEvents } from './link.js'
import type { Posix } from './posix.js'

/** A capture server's address, found out. */
export interface UdpTarget {
  readonly type: 'udp4' | 'udp6'
  readonly address: string
  readonly port: number
}

/** Packets that wait for the system go into its buffer while a burst lasts. */
const SEND_BUFFER_BYTES = 1_048_576

/**
 * Opens a UDP socket that is connected to the capture server, in the background: only then does the system say that nobody
 * listens there.
 * @param load gives `@mi/posix` if it is installed
 */
export function openDatagramLink(
  place: Pick<HepPlace, 'host' | 'port'>,
  load: () => Promise<Posix | undefined>,
  events: LinkEvents,
): Link {
  let inner: Link | undefined
  let ended = false
  const open = async (): Promise<void> => {
    const [target, posix] = await Promise.all([resolveTarget(place), load()])
    const opened =
      posix === undefined ? await openDgramLink(target, events) : await openPosixLink(posix, target, events)
    if (ended) {
      opened.destroy()
      return
    }
    inner = opened
    events.opened()
  }
  open().catch((error: unknown) => {
    if (!ended) events.closed(error instanceof Error ? error : new Error(String(error)))
  })
  return {
    get unsettled() {
      return inner?.unsettled ?? 0
    },
    send: (packets) => inner?.send(packets) ?? 0,
    end: () => {
      ended = true
      inner?.end()
    },
    destroy: () => {
      ended = true
      inner?.destroy()
    },
  }
}

async function resolveTarget({ host, port }: Pick<HepPlace, 'host' | 'port'>): Promise<UdpTarget> {
  const { address, family } = isIP(host) === 0 ? await lookup(host) : { address: host, family: isIP(host) }
  return { type: family === 6 ? 'udp6' : 'udp4', address, port }
}

async function openPosixLink(posix: Posix, target: UdpTarget, events: LinkEvents): Promise<Link> {
  const socket = await posix.openDatagram({
    bind: { type: target.type, address: target.type === 'udp6' ? '::' : '0.0.0.0', port: 0 },
    connect: target,
    maxBatch: 1,
    maxMessageBytes: 1,
    sendBufferBytes: SEND_BUFFER_BYTES,
    onWritable: () => events.ready(),
    // Of a packet that went out and was counted: there is nothing to add up.
    onError: (error) => events.lost(0, error),
  })
  return new PosixLink(socket, events)
}

/** Sends at once, many packets by one call. */
class PosixLink implements Link {
  readonly unsettled = 0
  private peers: DatagramPeer[] = []

  constructor(
    private readonly socket: DatagramSocket,
    private readonly events: LinkEvents,
  ) {}

  send(packets: readonly Uint8Array[]): number {
    const { socket } = this
    const failures = socket.send(packets, this.peersFor(packets.length))
    if (failures === 0) {
      this.events.sent(packets.length)
      return packets.length
    }
    return this.account(packets.length)
  }

  end(): void {
    this.socket.close()
    this.events.closed(new Error('the socket was closed'))
  }

  destroy(): void {
    this.socket.close()
  }

  /** What did not go out: for want of room it waits, else it is lost. */
  private account(count: number): number {
    const results = this.socket.results.subarray(0, count)
    const full = results.indexOf(-constants.errno.EAGAIN)
    const taken = full === -1 ? count : full
    const failed = results.subarray(0, taken).filter((result) => result < 0)
    this.events.sent(taken - failed.length)
    if (failed.length > 0) this.events.lost(failed.length, systemError(-(failed[0] ?? 0)))
    if (full !== -1) this.socket.awaitWritable()
    return taken
  }

  /** The same peer, as often as needed. */
  private peersFor(count: number): readonly DatagramPeer[] {
    const { remote } = this.socket
    if (remote !== undefined) while (this.peers.length < count) this.peers.push(remote)
    return this.peers
  }
}

const errorNames = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]))

function systemError(errno: number): Error {
  const code = errorNames.get(errno) ?? `error ${errno}`
  return Object.assign(new Error(`send ${code}`), { code })
}
