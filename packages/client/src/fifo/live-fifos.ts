import type { ChildProcess } from 'node:child_process'
import { unlinkSync } from 'node:fs'
import { waitForDeath } from './wait-for-death.js'

/** Marks the listeners of this package, also across two installed versions of it. */
const cleanupTag: unique symbol = Symbol.for('mi.client.cleanup')

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * The reply FIFOs that exist, and what removes them should the process end before their calls do. Listeners are
 * installed only while there are any.
 *
 * A signal that would end the process still does: the FIFOs are removed first, and the signal is raised again. Where
 * the program listens for the signal itself, it decides what becomes of the calls.
 */
class LiveFifos {
  private readonly paths = new Set<string>()
  private readonly makers = new Set<ChildProcess>()

  /** To be called before the FIFO is made. */
  add(path: string): void {
    if (this.paths.size === 0) this.install()
    this.paths.add(path)
  }

  /** Removes the FIFO, if it was made. */
  remove(path: string): void {
    removeFile(path)
    this.paths.delete(path)
    if (this.paths.size === 0) this.uninstall()
  }

  /** A process that makes FIFOs: it must not make one after they were removed. */
  addMaker(maker: ChildProcess): void {
    this.makers.add(maker)
    maker.once('close', () => this.makers.delete(maker))
  }

  private install(): void {
    process.on('exit', this.onExit)
    // Ahead of the others, so that those who listen once are still seen to listen.
    for (const signal of signals) process.prependListener(signal, this.onSignal)
  }

  private uninstall(): void {
    process.off('exit', this.onExit)
    for (const signal of signals) process.off(signal, this.onSignal)
  }

  private readonly onExit = (): void => {
    for (const maker of this.makers) {
      maker.kill('SIGKILL')
      waitForDeath(maker.pid)
    }
    for (const path of this.paths) removeFile(path)
  }

  private readonly onSignal = Object.assign(
    (signal: NodeJS.Signals): void => {
      if (process.listeners(signal).some((listener) => !(cleanupTag in listener))) return
      this.onExit()
      this.uninstall()
      // Another version of this package may still have to clean up; the last one raises the signal.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
    },
    { [cleanupTag]: true },
  )
}

/** One for the process, since the events of the process are too: each listener of its own would soon be one too many. */
export const liveFifos = new LiveFifos()

function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not made, or someone else has removed it; should the directory forbid it, the answer is worth more.
  }
}
