import { MiError } from '@mi/contract'
import { errorCode } from '../error-code.js'
import type { SocketAddress } from './socket-address.js'

/** `MI_LISTEN`: why events cannot be received, and how to mend it. The system error is the cause. */
export function receiverError({ protocol, host, port }: SocketAddress, cause: unknown): MiError {
  const where = `${protocol}:${host}:${port}`
  return new MiError('MI_LISTEN', `cannot receive events at ${where}: ${problem(cause)}`, { cause })
}

function problem(cause: unknown): string {
  const code = errorCode(cause)
  switch (code) {
    case 'EADDRINUSE':
      return 'the port is taken; give another one, or 0 for any that is free'
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host is none of this machine (${code}); give one that is, and what the server knows it by as announce`
    case 'EACCES':
      return 'this process may not listen at that port; give one from 1024'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}
