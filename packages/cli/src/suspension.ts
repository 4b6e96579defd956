/** What has the terminal to itself. */
export interface Occupant {
  /** Gives the terminal back as it was. */
  leave(): void
  /** Takes it again, and shows what it showed. */
  enter(): void
  /** Shows it anew: others may have written over it. */
  redraw(): void
}

/**
 * Gives the terminal back before Ctrl-Z stops the process, and takes it again when it goes on. In the background of a
 * shell (`bg`) it takes it too: Node.js does not tell who is in front.
 * @returns ends that
 */
export function aroundStops(occupant: Occupant): () => void {
  const ignore = (): void => {
    process.off('SIGTSTP', onStop)
    process.off('SIGCONT', onContinue)
  }
  const heed = (): void => {
    process.on('SIGTSTP', onStop)
    process.on('SIGCONT', onContinue)
  }
  const onStop = (): void => {
    occupant.leave()
    ignore()
    // Not SIGSTOP: the system must be free to refuse, as it does where no shell could let the process go on.
    process.kill(process.pid, 'SIGTSTP')
    // Here it has gone on, or was never stopped. A line editor that draws its prompt on SIGCONT has begun to listen
    // before it sent the signal: who listens behind it draws over the prompt.
    heed()
    occupant.enter()
    askSize()
  }
  // Stopped by SIGSTOP, of which nobody is told; or there is a line editor.
  const onContinue = (): void => {
    occupant.redraw()
    askSize()
  }
  heed()
  return ignore
}

/** A terminal tells a new size to the programs in front alone. At this signal Node.js asks for it. */
function askSize(): void {
  process.kill(process.pid, 'SIGWINCH')
}
