const ending: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs what goes on until it is interrupted, and lets it put things in order then. Ctrl-C is the usual end of it; other
 * signals end the process as they would have without this.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let received: NodeJS.Signals | undefined
  const onSignal = (name: NodeJS.Signals): void => {
    received ??= name
    controller.abort()
  }
  for (const name of ending) process.on(name, onSignal)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of ending) process.off(name, onSignal)
    if (received !== undefined && received !== 'SIGINT') process.kill(process.pid, received)
  }
}
