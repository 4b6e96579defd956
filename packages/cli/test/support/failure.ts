/** The message of what a function throws, with the name of its class. */
export function thrownBy(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
  throw new Error('nothing was thrown')
}
