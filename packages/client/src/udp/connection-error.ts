import { MiError } from '@mi/contract'
import { errorCode } from '../error-code.js'
import { endpoint } from './endpoint.js'

/** Where the server is to be. */
export interface UdpServer {
  readonly host: string
  readonly port: number
  /** What the host name was resolved to; undefined while it is not. */
  readonly address?: string | undefined
}

/** `MI_CONNECTION`: what failed, where, and how to mend it. The system error is the cause. */
export function udpError(server: UdpServer, cause: unknown): MiError {
  return new MiError('MI_CONNECTION', describe(server, cause), { cause })
}

/** Whether an error tells that nobody listens at the port. It may be about any message that was sent before. */
export function isRefusal(cause: unknown): boolean {
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
      return `this machine knows no way to ${where} (${code}); check the address, and that the network is up`
    case 'EACCES':
    case 'EPERM':
      return `this machine does not let datagrams out to ${where} (${code}); check its firewall, and that it is no broadcast address`
    case 'EMSGSIZE':
      return `the request is longer than the way to ${where} takes (${code}); lower maxRequestBytes, or use the FIFO`
    default:
      return `cannot send to ${where}: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}
