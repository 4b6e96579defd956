import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { MiError, type MiLogger } from '@mi/contract'
import { isLoopback } from '@mi/internal/address-list'
import { errorCode, errorText } from '@mi/internal/error-text'
import type { ResolvedDatagramOptions } from './options.js'
import type { OpenSocket, Serving } from './unix-server.js'

/**
 * Listens on UDP. Warns, once, when programs on other machines may run commands.
 * @throws MiError `MI_LISTEN`
 */
export async function listenOnUdp(
  { socketName, filter }: Pick<ResolvedDatagramOptions, 'socketName' | 'filter'>,
  { host, port }: { readonly host: string; readonly port: number },
  open: OpenSocket,
  log: MiLogger,
): Promise<Serving> {
  try {
    const { address, family } = await resolve(host)
    const type = family === 6 ? 'udp6' : 'udp4'
    const serving = await open({ type, address, port }, () => undefined)
    if (filter === undefined && !isLoopback(address)) {
      const advice = "give `allow`, such as ['127.0.0.1', '10.0.0.0/8'], or listen on a loopback address"
      log.warn({ address: socketName }, `everyone who can reach this port may run every command; ${advice}`)
    }
    return serving
  } catch (cause) {
    throw listenFailure(socketName, cause)
  }
}

async function resolve(host: string): Promise<{ readonly address: string; readonly family: number }> {
  const family = isIP(host)
  return family === 0 ? await lookup(host) : { address: host, family }
}

/** `MI_LISTEN` with what to do about it. */
function listenFailure(socketName: string, cause: unknown): MiError {
  if (cause instanceof MiError) return cause
  return new MiError('MI_LISTEN', `cannot listen on ${socketName}: ${errorText(cause)}${hintFor(errorCode(cause))}`, {
    cause,
  })
}

function hintFor(code: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return '; another process listens there: stop it or choose another port in socketName'
    case 'EADDRNOTAVAIL':
      return "; this machine has no such address: give one that it has in socketName, or 'udp:0.0.0.0:PORT' for all"
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return '; the host name in socketName cannot be resolved: correct it or give an address'
    case 'EACCES':
    case 'EPERM':
      return '; this process may not use that address or port: choose another socketName'
    case 'EAFNOSUPPORT':
      return '; this machine has no IPv6: give an IPv4 address in socketName'
    default:
      return ''
  }
}
