import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { HepPlace } from './hep-id.js'
import type { Link, LinkEvents } from './link.js'

/** Bytes that are handed to the socket at once, unless one packet alone has more. */
const MAX_WRITE_BYTES = 262_144

const KEEP_ALIVE_MS = 60_000

/** What a link over TCP or TLS is made with. */
export interface TcpLinkSettings extends Pick<HepPlace, 'host' | 'port' | 'transport'> {
  readonly tls: ConnectionOptions
  /** Packets that are handed to the socket at once, at most. */
  readonly maxPackets: number
  readonly connectTimeoutMs: number
  readonly stallTimeoutMs: number
}

/**
 * A TCP or TLS connection to the capture server. It hands the socket one run of packets at a time: packets for a slow server
 * wait in the queue of the destination.
 */
export class TcpLink implements Link {
  unsettled = 0
  private readonly socket: Socket
  private isOpen = false
  private isAbandoned = false
  private error: Error | undefined
  private readonly onWritten = (error?: Error | null): void => {
    // Otherwise 'close' follows, which counts them.
    if (error || this.isAbandoned) return
    const count = this.unsettled
    this.unsettled = 0
    this.events.sent(count)
    this.events.ready()
  }

  constructor(
    private readonly settings: TcpLinkSettings,
    private readonly events: LinkEvents,
  ) {
    const { transport, connectTimeoutMs } = settings
    this.socket = transport === 'tls' ? openTls(settings) : connectTcp({ host: settings.host, port: settings.port })
    this.socket.setTimeout(connectTimeoutMs)
    this.socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => this.onOpen())
    this.socket.on('timeout', () => this.onTimeout())
    this.socket.on('error', (error) => {
      this.error ??= error
    })
    // A capture server sends nothing. Should it do so, that must not pile up.
    this.socket.resume()
    this.socket.once('end', () => this.socket.destroy())
    this.socket.once('close', () => this.onClose())
  }

  send(packets: readonly Uint8Array[]): number {
    if (!this.isOpen || this.unsettled > 0 || packets.length === 0) return 0
    const run = this.firstRun(packets)
    this.unsettled = run.length
    this.socket.write(Buffer.concat(run), this.onWritten)
    return run.length
  }

  end(): void {
    this.isOpen = false
    this.socket.end()
  }

  destroy(): void {
    this.isOpen = false
    this.isAbandoned = true
    this.socket.destroy()
  }

  private firstRun(packets: readonly Uint8Array[]): readonly Uint8Array[] {
    let bytes = 0
    let count = 0
    for (const packet of packets) {
      bytes += packet.length
      if (count === this.settings.maxPackets || (count > 0 && bytes > MAX_WRITE_BYTES)) break
      count++
    }
    return count === packets.length ? packets : packets.slice(0, count)
  }

  private onOpen(): void {
    this.isOpen = true
    this.socket.setNoDelay(true)
    this.socket.setKeepAlive(true, KEEP_ALIVE_MS)
    this.socket.setTimeout(this.settings.stallTimeoutMs)
    this.events.opened()
  }

  private onClose(): void {
    this.isOpen = false
    if (this.isAbandoned) return
    this.events.closed(this.error ?? new Error('the capture server closed the connection'))
  }

  private onTimeout(): void {
    const { connectTimeoutMs, stallTimeoutMs } = this.settings
    // An open connection without traffic is only wrong while packets wait to be taken.
    if (this.isOpen && this.unsettled === 0) return
    const what = this.isOpen
      ? `the capture server took nothing for ${stallTimeoutMs} ms (stallTimeoutMs)`
      : `no connection within ${connectTimeoutMs} ms (connectTimeoutMs)`
    this.socket.destroy(new Error(what))
  }
}

function openTls({ host, port, tls }: TcpLinkSettings): Socket {
  // Servers choose their certificate by name, and an address is not a name.
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ ...servername, ...tls, host, port })
}
