import { readdirSync, readlinkSync } from 'node:fs'

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
