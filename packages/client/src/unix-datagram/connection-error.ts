import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { MiError } from '@mi/contract'
import { errorCode } from '../error-code.js'
import { fileFacts } from '../fifo/connection-error.js'

const giveName = 'give the socket_name of its mi_datagram as path'

/**
 * `MI_CONNECTION`: why nothing could be sent to the server's socket, and how to mend it. The cause has the system's
 * code.
 * @param code such as `ENOENT`
 * @param uid the user of this process, where the platform has one
 */
export function serverSocketError(path: string, code: string, uid = process.getuid?.()): MiError {
  const { file } = fileFacts(path)
  const cause = Object.assign(new Error(`sendmsg ${code} ${path}`), { code, syscall: 'sendmsg', address: path })
  return new MiError('MI_CONNECTION', problem(path, code, file, uid), { cause })
}

function problem(path: string, code: string, file: Stats | undefined, uid: number | undefined): string {
  if (file !== undefined && !file.isSocket()) return `${path} is no UNIX socket; ${giveName}`
  switch (code) {
    case 'ENOENT':
      return `${path} does not exist; start the server, or ${giveName}`
    case 'ECONNREFUSED':
      return `no server listens on ${path}; start the server, or ${giveName}`
    case 'EPROTOTYPE':
      return `${path} is a UNIX socket for streams, not for datagrams; ${giveName}`
    case 'EACCES':
    case 'EPERM':
      return (
        `no permission to write to ${path} as user ${uid ?? 'of this process'}${file === undefined ? '' : owner(file)}; ` +
        "run as its user or in its group, or change unix_socket_user, unix_socket_group or unix_socket_mode of the server's mi_datagram"
      )
    case 'EMSGSIZE':
      return `the request is longer than the system lets a datagram be (${code}); lower maxRequestBytes, or use the FIFO`
    default:
      return `cannot send to ${path} (${code}); see the cause`
  }
}

function owner({ uid, gid, mode }: Stats): string {
  return ` (it belongs to user ${uid} and group ${gid}, mode ${(mode & 0o7777).toString(8).padStart(4, '0')})`
}

/** `MI_CONNECTION`: why the reply socket could not be made, and how to mend it. */
export function replySocketError(path: string, cause: unknown): MiError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const code = errorCode(cause)
  const problem = code === 'ENOENT' ? `${dirname(path)} does not exist` : reason
  return new MiError(
    'MI_CONNECTION',
    `cannot make the reply socket ${path}: ${problem}; give a replyDir that exists, that this process may write to, ` +
      'and that the server sees too',
    { cause },
  )
}
