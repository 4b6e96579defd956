const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a long task until Ctrl-C, then lets it clean up. Other signals end the process after that, as they would have without
 * this function.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let received: NodeJS.Signals | undefined
  const onSignal = (name: NodeJS.Signals): void => {
    received ??= name
    controller.abort()
  }
  for (const name of ENDING) process.on(name, onSignal)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of ENDING) process.off(name, onSignal)
    if (received !== undefined && received !== 'SIGINT') process.kill(process.pid, received)
  }
}

/**
 * Gives the screen back before Ctrl-Z stops the process, and takes it again when the process continues. In the background of
 * a shell (`bg`) too: Node.js does not say which process is in front.
 * @param screen leave: gives it back as it was; enter: takes it again; redraw: draws again, since others may have written over it
 * @returns a function that ends this
 */
export function aroundStops(screen: { leave(): void; enter(): void; redraw(): void }): () => void {
  const unlisten = (): void => {
    process.off('SIGTSTP', onStop)
    process.off('SIGCONT', onContinue)
  }
  const listen = (): void => {
    process.on('SIGTSTP', onStop)
    process.on('SIGCONT', onContinue)
  }
  const onStop = (): void => {
    screen.leave()
    unlisten()
    // Not SIGSTOP: the system must be able to refuse, as it does where no shell could continue the process.
    process.kill(process.pid, 'SIGTSTP')
    // Here the process continues, or never stopped. A line editor draws its prompt on SIGCONT; it has installed its listener
    // before it sent the signal. The listeners that are installed now draw after it.
    listen()
    screen.enter()
    askSize()
  }
  // After SIGSTOP, which no process can catch; or a line editor has stopped it.
  const onContinue = (): void => {
    screen.redraw()
    askSize()
  }
  listen()
  return unlisten
}

/** A terminal reports a new size only to the programs in front. At this signal Node.js reads the size. */
function askSize(): void {
  process.kill(process.pid, 'SIGWINCH')
}
