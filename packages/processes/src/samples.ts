import type { Sample } from '@mi/core'
import type { Sender, ToChild } from './channel.js'

/** How long a child is waited for before its last known numbers are taken. */
const NUMBERS_TIMEOUT_MS = 1_000

/** Questions that a child has not answered, at most: one that hangs is not asked again and again. */
const MOST_UNANSWERED = 8

/** What makes two samples, of two processes, those of one statistic. */
function identity({ group, name }: Sample): string {
  // Group and name apart: either may hold a colon.
  return JSON.stringify([group, name])
}

/** Adds up the samples of several processes; statistics come in the order in which they are first seen. */
export function sumSamples(samples: Iterable<Sample>): Sample[] {
  const sums = new Map<string, Sample>()
  for (const sample of samples) {
    const key = identity(sample)
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? sample : added(sum, sample))
  }
  return [...sums.values()]
}

function added(sum: Sample, { value, metric }: Sample): Sample {
  return { ...sum, value: sum.value + value, metric: { ...sum.metric, value: sum.metric.value + metric.value } }
}

/** The samples of statistics that count up: they stay true when their process has ended. */
export function counters(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ counter }) => counter)
}

/** The samples with the counters among those named at zero. @param names as `group:name` */
export function resetSamples(samples: readonly Sample[], names: readonly string[]): Sample[] {
  const named = new Set(names)
  return samples.map((sample) =>
    sample.counter && named.has(`${sample.group}:${sample.name}`) ? { ...sample, value: 0 } : sample,
  )
}

interface Waiter {
  readonly id: number
  resolve(): void
}

/** The statistics of one child, as the main process knows them. */
export class ChildSamples {
  /** What the child reported last. */
  known: readonly Sample[] = []
  private lastAsked = 0
  private lastAnswered = 0
  private state: 'starting' | 'serving' | 'ended' = 'starting'
  private readonly waiters = new Set<Waiter>()
  /** Resets that the channel did not take while it was backed up. */
  private owedResets = new Set<string>()

  constructor(private readonly sender: Pick<Sender<ToChild>, 'offer'>) {}

  /** The child serves from now on. */
  begin(samples: readonly Sample[]): void {
    this.known = samples
    this.state = 'serving'
  }

  /** Asks for the numbers as they are now. Never rejects: `known` stays as it was when the child does not answer in time. */
  refresh(): Promise<void> {
    if (this.state !== 'serving') return Promise.resolve()
    // One that hangs: the answer to an earlier question must do.
    if (this.lastAsked - this.lastAnswered >= MOST_UNANSWERED) return this.wait(this.lastAsked)
    const id = ++this.lastAsked
    return this.sender.offer({ type: 'read', id }) ? this.wait(id) : Promise.resolve()
  }

  /** Resets statistics in the child. @param names as `group:name` */
  reset(names: readonly string[]): Promise<void> {
    // One that does not serve yet has nothing to reset.
    if (this.state !== 'serving') return Promise.resolve()
    // In case that it does not answer.
    this.known = resetSamples(this.known, names)
    const id = ++this.lastAsked
    if (this.sender.offer({ type: 'reset', id, names })) return this.wait(id)
    for (const name of names) this.owedResets.add(name)
    return Promise.resolve()
  }

  /** The child has reported. @param id the question that this answers, and all before it; 0 answers none */
  report(id: number, samples: readonly Sample[]): void {
    this.known = samples
    this.lastAnswered = Math.max(this.lastAnswered, id)
    for (const waiter of this.waiters) if (waiter.id <= id) waiter.resolve()
  }

  /** The channel takes messages again. */
  drained(): void {
    const { owedResets } = this
    this.owedResets = new Set()
    if (owedResets.size > 0) void this.reset([...owedResets])
  }

  /** The child has ended: no more answers come. */
  end(): void {
    this.state = 'ended'
    for (const waiter of this.waiters) waiter.resolve()
  }

  /** Waits for the answer to a question, or to a later one, or the end of the time limit or of the child. */
  private wait(id: number): Promise<void> {
    return new Promise((done) => {
      const resolve = (): void => {
        clearTimeout(timer)
        this.waiters.delete(waiter)
        done()
      }
      const timer = setTimeout(resolve, NUMBERS_TIMEOUT_MS)
      const waiter: Waiter = { id, resolve }
      this.waiters.add(waiter)
    })
  }
}
