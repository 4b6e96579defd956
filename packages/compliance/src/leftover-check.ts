import { AssertionError } from 'node:assert'
import { currentHoldings, type HoldingKind, type Holdings, newHoldings } from './leftovers.js'
import { TimerWatch } from './timer-watch.js'
import type { WaitTraits } from './traits.js'
import { someTurns } from './waiting.js'

/** What may be left behind in the process. Files are the harness's to list. */
export type Leftover = HoldingKind | 'timers'

const all: readonly Leftover[] = ['descriptors', 'handles', 'listeners', 'timers']

/** Compares what the process holds with what it held before. */
export class LeftoverCheck {
  readonly timers = new TimerWatch()
  private before: Holdings = currentHoldings()
  private keptTimers = 0

  constructor(private readonly traits: WaitTraits) {}

  /** Takes what is there now as it is: a transport may keep some things from its first request until it is closed. */
  acceptWhatIsThere(): void {
    this.before = currentHoldings()
    this.keptTimers = this.timers.running().length
  }

  /** Fails when something that was not there before stays longer than `graceMs`. */
  async nothingNew(what: string, kinds: readonly Leftover[] = all): Promise<void> {
    const deadline = performance.now() + this.traits.graceMs
    for (;;) {
      await someTurns()
      const left = kinds.flatMap((kind) => this.left(kind))
      if (left.length === 0) return
      if (performance.now() > deadline) throw new AssertionError({ message: `${what} left ${left.join(', ')}` })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  private left(kind: Leftover): string[] {
    if (kind === 'timers') {
      const running = this.timers.running().slice(this.keptTimers)
      return running.map((place) => `a timer made at ${place}`)
    }
    return newHoldings(kind, this.before, currentHoldings())
  }
}

/**
 * Runs a round twice and compares what the process holds in the second: Node.js opens some things when they are first
 * used and keeps them (its signal pipe, inotify), which is not the transport's doing.
 */
export async function leavesNothing(traits: WaitTraits, round: (check: LeftoverCheck) => Promise<void>): Promise<void> {
  await round(new WarmUp(traits))
  await someTurns()
  const check = new LeftoverCheck(traits)
  check.timers.start()
  try {
    await round(check)
  } finally {
    check.timers.stop()
  }
}

class WarmUp extends LeftoverCheck {
  override async nothingNew(): Promise<void> {}
}
