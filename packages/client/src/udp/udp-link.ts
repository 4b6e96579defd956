import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import type { Call } from '../datagram/call.js'
import type { Link, LinkEvents } from '../datagram/link.js'
import { isRefusal, type UdpServer, udpError } from './connection-error.js'

/**
 * Opens a UDP socket that is connected to the server: what others send does not arrive, and a refused port shows. The
 * host is resolved each time.
 */
export async function openUdpLink(server: UdpServer, events: LinkEvents, signal: AbortSignal): Promise<Link> {
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
  return new UdpLink(socket, resolved, events)
}

class UdpLink implements Link {
  private isClosed = false

  constructor(
    private readonly socket: Socket,
    private readonly server: UdpServer,
    private readonly events: LinkEvents,
  ) {
    socket.on('message', (data) => events.received(data.toString()))
    socket.on('error', (cause) => {
      if (!this.isClosed) events.refused(udpError(server, cause))
    })
  }

  send(call: Call): void {
    this.socket.send(call.message.text, (cause) => {
      if (this.isClosed) return
      if (cause === null) this.events.sent(call)
      // Told instead of sending, and about a message that went before.
      else if (isRefusal(cause)) this.events.refused(udpError(this.server, cause), call)
      else this.events.failed(call, udpError(this.server, cause))
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

/** Does not wait for a resolver that nobody waits for any more: it cannot be stopped, and holds nothing. */
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
      // The types do not know of it: the callback gets the error where there is one.
      const [cause] = failed
      end(cause === undefined || cause === null ? resolve : () => reject(cause))
    })
  })
}
