import type { TransportCase } from './test-runner.js'
import type { WaitTraits } from './traits.js'

/** Collects the cases of a suite. */
export class CaseBuilder {
  readonly cases: TransportCase[] = []
  private readonly timeoutMs: number

  constructor({ waitMs, quietMs, graceMs }: WaitTraits) {
    // A case waits for a few things one after the other; a wait that fails ends it, and clearing up waits again.
    this.timeoutMs = 8 * (waitMs + quietMs + graceMs)
  }

  /** A promise that every transport keeps. */
  add(name: string, run: () => Promise<void>): void {
    this.cases.push({ name, run, timeoutMs: this.timeoutMs })
  }

  /** A promise that hangs on a trait. Where it does not apply the case remains, and its name says so. */
  addIf(condition: boolean, whyNot: string, name: string, run: () => Promise<void>): void {
    if (condition) this.add(name, run)
    else this.add(`${name} [not checked: ${whyNot}]`, () => Promise.resolve())
  }
}
