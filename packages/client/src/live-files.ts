import { unlinkSync } from 'node:fs'
import { expectListeners } from '@mi/internal/listeners'

/** Marks the listeners of this package, also across two installed versions of it. */
const cleanupTag: unique symbol = Symbol.for('mi.client.cleanup')

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Files that must not outlive the process: they are removed when it exits, or dies of a signal. The listeners for that exist
 * only while there are such files, since they change what SIGINT does.
 *
 * A signal that would end the process still does: the files are removed first, and the signal is raised again. Where
 * the program listens for the signal itself, it decides what becomes of its calls.
 */
export class LiveFiles {
  private readonly paths = new Set<string>()
  private isInstalled = false

  /** Called before the file is made. */
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
    for (const signal of SIGNALS) process.prependListener(signal, this.onSignal)
  }

  private uninstall(): void {
    if (!this.isInstalled) return
    this.isInstalled = false
    expectListeners(-1)
    process.off('exit', this.onExit)
    for (const signal of SIGNALS) process.off(signal, this.onSignal)
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

/** A name that nobody can guess; it names the process, or only marks the kind, should the file ever be left behind. */
export function replyFileName(owner: string, randomBytes: number): string {
  // The global `crypto` is loaded when it is first used.
  return `mi_reply_${owner}${Buffer.from(crypto.getRandomValues(new Uint8Array(randomBytes))).toString('hex')}`
}

function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not made, or someone else has removed it; where the directory forbids it, the reply matters more.
  }
}
