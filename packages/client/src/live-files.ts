import { unlinkSync } from 'node:fs'

/** Marks the listeners of this package, also across two installed versions of it. */
const cleanupTag: unique symbol = Symbol.for('mi.client.cleanup')

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Files that exist while something needs them, and what removes them should the process end before. Listeners are
 * installed only while there are any.
 *
 * A signal that would end the process still does: the files are removed first, and the signal is raised again. Where
 * the program listens for the signal itself, it decides what becomes of its calls.
 */
export class LiveFiles {
  private readonly paths = new Set<string>()
  private isInstalled = false

  /** To be called before the file is made. */
  add(path: string): void {
    this.install()
    this.paths.add(path)
  }

  /** Removes the file, if it was made. */
  remove(path: string): void {
    removeFile(path)
    this.paths.delete(path)
    if (this.paths.size === 0) this.uninstall()
  }

  /** What is left to do when the process ends. */
  protected removeAll(): void {
    for (const path of this.paths) removeFile(path)
  }

  private install(): void {
    if (this.isInstalled) return
    this.isInstalled = true
    expectListeners(1)
    process.on('exit', this.onExit)
    // Ahead of the others, so that those who listen once are still seen to listen.
    for (const signal of signals) process.prependListener(signal, this.onSignal)
  }

  private uninstall(): void {
    if (!this.isInstalled) return
    this.isInstalled = false
    expectListeners(-1)
    process.off('exit', this.onExit)
    for (const signal of signals) process.off(signal, this.onSignal)
  }

  private readonly onExit = (): void => this.removeAll()

  private readonly onSignal = Object.assign(
    (signal: NodeJS.Signals): void => {
      if (process.listeners(signal).some((listener) => !(cleanupTag in listener))) return
      this.removeAll()
      this.uninstall()
      // Others of this package may still have to clean up; the last one raises the signal.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
    },
    { [cleanupTag]: true },
  )
}

/** Eleven clients in a process are not the leak that Node.js would warn of. Where it counts none (0), so it stays. */
function expectListeners(change: 1 | -1): void {
  const limit = process.getMaxListeners()
  if (limit > 0) process.setMaxListeners(Math.max(limit + change, 1))
}

function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not made, or someone else has removed it; should the directory forbid it, the answer is worth more.
  }
}
