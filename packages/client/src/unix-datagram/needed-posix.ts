import { MiError } from '@mi/contract'
import { type FindPosix, findPosix, type Posix } from '../find-posix.js'

/**
 * `@mi/posix`, which UNIX datagrams cannot do without.
 * @throws MiError `MI_UNSUPPORTED`, saying what to install or why it cannot be used
 */
export async function neededPosix(find: FindPosix = findPosix): Promise<Posix> {
  const search = await find()
  if (search.posix !== undefined) return search.posix
  const problem = search.isAbsent
    ? 'unixDatagram() needs the package @mi/posix, since Node.js has no UNIX datagram sockets: npm install @mi/posix'
    : `unixDatagram() cannot use @mi/posix: ${search.reason}`
  throw new MiError('MI_UNSUPPORTED', problem, { cause: search.cause })
}
