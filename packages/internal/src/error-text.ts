/**
 * The message of a thrown value; for a failed utility what it wrote to its standard error; for an error without a message,
 * such as some of net.connect(), its code. Never throws, though anything may have been thrown, such as a revoked proxy.
 */
export function errorText(error: unknown): string {
  try {
    if (typeof error === 'object' && error !== null && 'stderr' in error && error.stderr) {
      return String(error.stderr).trim()
    }
    return error instanceof Error ? error.message || errorCode(error) || error.name : String(error)
  } catch {
    return 'an error that cannot be printed'
  }
}

/** The code of an error of Node.js or the system, such as `ENOENT`; undefined for other values. Never throws. */
export function errorCode(error: unknown): string | undefined {
  try {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
    return typeof code === 'string' ? code : undefined
  } catch {
    return undefined
  }
}
