import type { ChildProcess } from 'node:child_process'
import { LiveFiles } from '../live-files.js'
import { waitForDeath } from './wait-for-death.js'

/** The reply FIFOs that exist, and the processes that make more of them. */
class LiveFifos extends LiveFiles {
  private readonly makers = new Set<ChildProcess>()

  /** A process that makes FIFOs: it must not make one after they were removed. */
  addMaker(maker: ChildProcess): void {
    this.makers.add(maker)
    maker.once('close', () => this.makers.delete(maker))
  }

  protected override removeAll(): void {
    for (const maker of this.makers) {
      maker.kill('SIGKILL')
      waitForDeath(maker.pid)
    }
    super.removeAll()
  }
}

/** One for the process, since the events of the process are too: each listener of its own would soon be one too many. */
export const liveFifos = new LiveFifos()
