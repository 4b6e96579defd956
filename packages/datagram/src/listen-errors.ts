import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'

/**
 * What kept a UDP socket from listening, as `MI_LISTEN` with how to mend it.
 * @param socketName as it was given
 */
export function udpListenError(socketName: string, cause: unknown): MiError {
  if (cause instanceof MiError) return cause
  return new MiError('MI_LISTEN', `cannot listen on ${socketName}: ${errorText(cause)}${hintFor(errorCode(cause))}`, {
    cause,
  })
}

/** @mi/posix has no native part here, which UNIX sockets need. */
export function unavailableError(socketName: string, cause: unknown): MiError | undefined {
  if (errorCode(cause) !== 'ERR_POSIX_UNAVAILABLE') return undefined
  return new MiError(
    'MI_UNSUPPORTED',
    `cannot listen on ${socketName}: UNIX datagram sockets take native code, and ${errorText(cause)}; or serve MI over UDP`,
    { cause },
  )
}

function hintFor(code: unknown): string {
  switch (code) {
    case 'EADDRINUSE':
      return '; another process listens there: stop it or choose another port in socketName'
    case 'EADDRNOTAVAIL':
      return "; this machine has no such address: give one of its own in socketName, or 'udp:0.0.0.0:PORT' for all"
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return '; the host name in socketName does not resolve here: correct it or give an address'
    case 'EACCES':
    case 'EPERM':
      return '; this process may not use that address or port: choose another socketName'
    case 'EAFNOSUPPORT':
      return '; this machine has no IPv6: give an IPv4 address in socketName'
    default:
      return ''
  }
}
