/** `mkfifo` of `@mi/posix`, or why it cannot be used. */
export type MkfifoCall = { readonly mkfifo: typeof import('@mi/posix')['mkfifo'] } | { readonly reason: string }

/** That of the package as it is installed, which it need not be. */
export async function installedMkfifo(): Promise<MkfifoCall> {
  try {
    const { mkfifo, posixSupport } = await import('@mi/posix')
    const support = posixSupport()
    return support.native ? { mkfifo } : { reason: support.reason }
  } catch (error) {
    // Absent or broken: the utility does the same. Where it is missing too, the error says both.
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}
