/** The signals that ask a server to end. */
const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Resolves at the first Ctrl-C or SIGTERM, or when nobody reads the output any more. Later signals are ignored: npm passes
 * a terminal's Ctrl-C on, so that it arrives twice, and a close under way must not be cut short by that.
 */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of signals) process.on(name, () => resolve())
    process.stdout.on('error', () => resolve())
  })
}
