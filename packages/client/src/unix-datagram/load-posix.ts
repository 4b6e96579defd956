import { MiError } from '@mi/contract'
import { errorCode } from '../fifo/error-code.js'

/** What is used of `@mi/posix`. */
export type Posix = Pick<typeof import('@mi/posix'), 'openDatagram' | 'posixSupport'>

/**
 * Loads `@mi/posix`, which is an optional dependency: most programs do without.
 * @throws MiError `MI_UNSUPPORTED`, saying what to install or why it cannot be loaded
 */
export async function loadPosix(load: () => Promise<Posix> = () => import('@mi/posix')): Promise<Posix> {
  const posix = await load().catch((cause: unknown) => {
    throw new MiError('MI_UNSUPPORTED', problem(cause), { cause })
  })
  const support = posix.posixSupport()
  if (!support.native) throw new MiError('MI_UNSUPPORTED', `unixDatagram() cannot work: ${support.reason}`)
  return posix
}

function problem(cause: unknown): string {
  return errorCode(cause) === 'ERR_MODULE_NOT_FOUND'
    ? 'unixDatagram() needs the package @mi/posix, since Node.js has no UNIX datagram sockets: npm install @mi/posix'
    : `unixDatagram() cannot load @mi/posix: ${cause instanceof Error ? cause.message : String(cause)}`
}
