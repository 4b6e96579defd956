import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import type { DatagramMessage, ServerSocket, SocketEvents } from '../datagram/datagram-message.js'

/**
 * Opens a UDP socket that is connected to the server: what others send does not arrive, and a refused port shows. The
 * host is resolved each time.
 */
export async function openUdpSocket(
  server: UdpServer,
  events: SocketEvents,
  signal: AbortSignal,
): Promise<ServerSocket> {
  const { address, family } = await resolveHost(server, signal)
  signal.throwIfAborted()
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  const resolved = { ...server, address }
  try {
    await connect(socket, resolved, signal)
  } catch (cause) {
    socket.close()
    throw signal.aborted ? signal.reason : udpError(resolved, cause)
  }
  return new UdpSocket(socket, resolved, events)
}

class UdpSocket implements ServerSocket {
  private isClosed = false

  constructor(
    private readonly socket: Socket,
    private readonly server: UdpServer,
    private readonly events: SocketEvents,
  ) {
    socket.on('message', (data) => events.received(data.toString()))
    socket.on('error', (cause) => {
      if (!this.isClosed) events.refused(udpError(server, cause))
    })
  }

  send(message: DatagramMessage): void {
    this.socket.send(message.content.text, (cause) => {
      if (this.isClosed) return
      if (cause === null) this.events.sent(message)
      // Reported instead of sending, and about a message that went before.
      else if (isRefusal(cause)) this.events.refused(udpError(this.server, cause), message)
      else this.events.failed(message, udpError(this.server, cause))
    })
  }

  /** What was handed to the socket is on its way. */
  withdraw(): boolean {
    return false
  }

  close(): void {
    this.isClosed = true
    this.socket.close()
  }
}

/** Once the signal has fired the resolver is left alone: it cannot be stopped, and holds nothing. */
function resolveHost(server: UdpServer, signal: AbortSignal): Promise<{ address: string; family: number }> {
  const { host } = server
  const family = isIP(host)
  if (family !== 0) return Promise.resolve({ address: host, family })
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    lookup(host, (cause, address, found) => {
      signal.removeEventListener('abort', onAbort)
      if (cause === null) resolve({ address, family: found })
      else reject(udpError(server, cause))
    })
  })
}

function connect(socket: Socket, { address, port }: UdpServer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort)
      socket.off('error', onError)
      settle()
    }
    const onAbort = (): void => end(() => reject(signal.reason))
    const onError = (cause: Error): void => end(() => reject(cause))
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    socket.connect(port, address, (...failed: readonly unknown[]) => {
      // Missing in the types: the callback gets the error, where there is one.
      const [cause] = failed
      end(cause === undefined || cause === null ? resolve : () => reject(cause))
    })
  })
}

/** Where the server is to be. */
export interface UdpServer {
  readonly host: string
  readonly port: number
  /** What the host name was resolved to; undefined while it is not. */
  readonly address?: string | undefined
}

/** `MI_CONNECTION`: what failed, where, and how to fix it. The system error is the cause. */
function udpError(server: UdpServer, cause: unknown): MiError {
  return new MiError('MI_CONNECTION', describe(server, cause), { cause })
}

/** Whether an error says that nobody listens at the port. It may be about any message that was sent before. */
function isRefusal(cause: unknown): boolean {
  const code = errorCode(cause)
  return code === 'ECONNREFUSED' || code === 'ECONNRESET'
}

function describe({ host, port, address = host }: UdpServer, cause: unknown): string {
  const where = endpoint(host, port) + (address === host ? '' : ` (${address})`)
  const code = errorCode(cause) ?? 'no code'
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
      return (
        `no server listens on udp ${where}; start the server, or give the host and port of its mi_datagram ` +
        'socket_name, udp:host:port'
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return `the host name of ${where} cannot be resolved (${code}); check it, or give an IP address`
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return `this machine has no route to ${where} (${code}); check the address, and that the network is up`
    case 'EACCES':
    case 'EPERM':
      return `this machine does not let datagrams through to ${where} (${code}); check its firewall, and that it is not a broadcast address`
    case 'EMSGSIZE':
      return `the request is longer than the network takes on the way to ${where} (${code}); lower maxRequestBytes, or use the FIFO`
    default:
      return `cannot send to ${where}: ${errorText(cause)}`
  }
}

/** `127.0.0.1:8080`, `[::1]:8080`, `mi.example.org:8080`. */
export function endpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
