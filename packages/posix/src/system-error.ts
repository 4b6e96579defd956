import { getSystemErrorMap } from 'node:util'

/**
 * An error as node:fs and node:net have them.
 * @param failure below zero: the error number of the system
 * @param subject what the call was about: a path, an address
 */
export function systemError(failure: number, syscall: string, subject: string): NodeJS.ErrnoException {
  const [code, words] = getSystemErrorMap().get(failure) ?? [`E${-failure}`, 'unknown error']
  const message = `${code}: ${words}, ${syscall} ${subject}`
  return Object.assign(new Error(message), { code, errno: failure, syscall, path: subject })
}
