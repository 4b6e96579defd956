import { AssertionError } from 'node:assert'
import { readdirSync, readlinkSync } from 'node:fs'
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

/** What a process has open at one moment. */
export interface Holdings {
  /** By number: what the descriptor leads to, as far as the system says. */
  readonly descriptors: ReadonlyMap<string, string>
  /** What keeps the event loop going, by kind; timers are watched separately. */
  readonly handles: ReadonlyMap<string, number>
  /** Listeners on `process`, by event. */
  readonly listeners: ReadonlyMap<string, number>
}

/** Kinds of things that a transport may leave behind. */
export type HoldingKind = keyof Holdings

const descriptorDirectory = ['/proc/self/fd', '/dev/fd'].find(canList)

/** False where the system does not list a process's descriptors (Windows). */
export const descriptorsAreListed = descriptorDirectory !== undefined

export function currentHoldings(): Holdings {
  return { descriptors: openDescriptors(), handles: activeHandles(), listeners: processListeners() }
}

/** What is there now and was not before, in words. */
export function newHoldings(kind: HoldingKind, before: Holdings, now: Holdings): string[] {
  if (kind === 'descriptors') {
    return [...now.descriptors]
      .filter(([number, target]) => before.descriptors.get(number) !== target)
      .map(([number, target]) => `descriptor ${number} (${target})`)
  }
  const was = before[kind]
  return [...now[kind]].flatMap(([name, count]) => {
    const more = count - (was.get(name) ?? 0)
    return more > 0 ? [`${more} ${kind === 'handles' ? name : `listener for '${name}' on process`}`] : []
  })
}

function openDescriptors(): Map<string, string> {
  const open = new Map<string, string>()
  if (descriptorDirectory === undefined) return open
  for (const number of readdirSync(descriptorDirectory)) {
    const target = targetOf(`${descriptorDirectory}/${number}`)
    if (target !== undefined) open.set(number, target)
  }
  return open
}

/** @returns undefined for the descriptor with which the directory itself was read: it is closed by now */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (error) {
    // EINVAL: it is open, but this system's entries are no links (macOS).
    return error instanceof Error && 'code' in error && error.code === 'EINVAL' ? 'open' : undefined
  }
}

function canList(directory: string): boolean {
  try {
    return readdirSync(directory).length > 0
  } catch {
    // Not on this system; the suites say so in the names of their tests.
    return false
  }
}

function activeHandles(): Map<string, number> {
  // The runner's own timers come and go; those of the code under test are watched one by one.
  return countEach(process.getActiveResourcesInfo().filter((kind) => kind !== 'Timeout' && kind !== 'Immediate'))
}

function processListeners(): Map<string, number> {
  return new Map(process.eventNames().map((event) => [String(event), process.listenerCount(event)]))
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
