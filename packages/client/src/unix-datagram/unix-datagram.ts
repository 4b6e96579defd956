import { type ClientTransport, MiError } from '@mi/contract'
import { DatagramTransport } from '../datagram/datagram-transport.js'
import { neededPosix } from './needed-posix.js'
import { resolveUnixDatagramOptions, type UnixDatagramTransportOptions } from './options.js'
import { openUnixLink } from './unix-link.js'

export type { UnixDatagramTransportOptions } from './options.js'

/**
 * Carries a client's requests over UNIX datagrams to mi_datagram, that of OpenSIPS or of `@mi/datagram`. Needs
 * `@mi/posix`, which the first request loads; nothing is opened before. A transport is for one client.
 * @throws MiError `MI_UNSUPPORTED` on Windows, which has no UNIX datagram sockets
 * @throws TypeError for a path that is none, RangeError for a number or length out of bounds
 */
export function unixDatagram(options: UnixDatagramTransportOptions): ClientTransport {
  if (process.platform === 'win32') {
    throw new MiError('MI_UNSUPPORTED', 'unixDatagram(): Windows has no UNIX datagram sockets; use udp()')
  }
  const resolved = resolveUnixDatagramOptions(options)
  const { path, replyDir, limits } = resolved
  return new DatagramTransport({
    name: 'unix-datagram',
    address: path,
    limits,
    open: async (events, signal) => openUnixLink(await neededPosix(), resolved, events, signal),
    silence:
      `Nothing has come to the reply socket in ${replyDir}: the server must see that directory too, which systemd's ` +
      'PrivateTmp prevents for /tmp, and be allowed to write to the socket (replyMode)',
  })
}
