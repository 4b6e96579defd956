import type { LookupFunction } from 'node:net'
import { CommandError, implement, type MiModule, type ModuleStatistic } from '@mi/contract'
import { connectTime } from './connect-time.js'
import { probe } from './contract.js'
import type { Target } from './targets.js'
import { readTargets, writeTargets } from './targets-file.js'

/** Options of the module. Everything may be left out. */
export interface ProbeOptions {
  /** File that the targets are read from at `listen`, and written to at `close` when they have changed. @default none */
  readonly targetsFile?: string | undefined
  /** Targets kept at most; one more is refused with 403. @default 1000 */
  readonly maxTargets?: number | undefined
  /** Checks under way at most, each of which has a socket; one more is refused with 429. @default 100 */
  readonly maxChecks?: number | undefined
  /** How a host's name becomes an address. @default dns.lookup */
  readonly lookup?: LookupFunction | undefined
}

/**
 * Makes a module with targets of its own. It opens nothing before the engine listens.
 * @throws RangeError for a limit that is no positive integer
 */
export function probeModule(options: ProbeOptions = {}): MiModule {
  const { targetsFile, maxTargets = 1000, maxChecks = 100, lookup } = options
  assertPositive('maxTargets', maxTargets)
  assertPositive('maxChecks', maxChecks)
  const targets = new Map<string, Target>()
  const checks = counter()
  const failures = counter()
  let running = 0
  let changed = false

  return implement(
    probe,
    {
      add({ name, host, port }) {
        if (targets.has(name)) throw new CommandError(409, 'Target exists', { name })
        if (targets.size >= maxTargets) throw new CommandError(403, 'Too many targets', { limit: maxTargets })
        targets.set(name, { name, host, port })
        changed = true
        return 'OK'
      },
      remove({ name }) {
        if (!targets.delete(name)) throw new CommandError(404, 'No such target', { name })
        changed = true
        return 'OK'
      },
      list: () => ({ Targets: [...targets.values()] }),
      async check({ name, within_ms: withinMs = 5000 }, { signal }) {
        const target = targets.get(name)
        if (target === undefined) throw new CommandError(404, 'No such target', { name })
        if (running >= maxChecks) throw new CommandError(429, 'Too many checks', { limit: maxChecks })
        running++
        checks.add()
        try {
          return { name, connect_ms: await connectTime(target, { withinMs, signal, lookup }) }
        } catch (cause) {
          // The engine closes, or the command took too long: no fault of the target's.
          if (signal.aborted) throw new CommandError(503, 'Check cut short', { name }, { cause })
          failures.add()
          throw new CommandError(503, 'Not reachable', { name, reason: reasonOf(cause) }, { cause })
        } finally {
          running--
        }
      },
    },
    {
      async init({ log }) {
        if (targetsFile === undefined) return
        const known = await readTargets(targetsFile)
        if (known.length > maxTargets)
          throw new RangeError(`${targetsFile} has more than ${maxTargets} targets (maxTargets)`)
        for (const target of known) targets.set(target.name, target)
        log.info({ targetsFile, targets: targets.size }, 'targets read')
      },
      async close() {
        if (targetsFile !== undefined && changed) await writeTargets(targetsFile, targets.values())
      },
      statistics: { targets: () => targets.size, running: () => running, checks, failures },
    },
  )
}

/** A statistic that only grows, until somebody resets it. */
function counter(): Extract<ModuleStatistic, object> & { add(): void } {
  let count = 0
  return {
    add: () => void count++,
    value: () => count,
    reset: () => {
      count = 0
    },
  }
}

/** The system's own word, such as `ECONNREFUSED`, which says what to fix. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN'
}

function assertPositive(option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`probeModule: ${option} must be a positive integer, not ${value}`)
  }
}
