/**
 * The message of a thrown value. An error of a utility gives what it wrote to its standard error. Never throws: what is
 * thrown may be anything, a revoked proxy included.
 */
export function errorText(error: unknown): string {
  try {
    if (typeof error === 'object' && error !== null && 'stderr' in error && error.stderr) {
      return String(error.stderr).trim()
    }
    return error instanceof Error ? error.message : String(error)
  } catch {
    return 'an error that cannot be printed'
  }
}

/** The code of an error of Node.js or the system, such as `ENOENT`; undefined where there is none. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
