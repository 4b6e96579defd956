import type { WaitTraits } from './traits.js'

/** One promise of the suite: a sentence, and what finds out whether a transport keeps it. */
export interface TransportCase {
  /** A sentence about behaviour. What a trait switches off says so in its name. */
  readonly name: string
  /** How long it may take at most, in milliseconds; what a test runner should allow. */
  readonly timeoutMs: number
  /** Resolves when the promise is kept, rejects with an AssertionError when it is not. */
  readonly run: () => Promise<void>
}

/**
 * What the suites need of a test runner. The functions of vitest, jest, mocha (`it`) and node:test fit as they are. Tests must
 * run one at a time, as they do by default in all four: descriptors and timers are those of the whole process.
 */
export interface TestRunner {
  /** Registers a test. Runners whose third argument is no time limit in milliseconds ignore it. */
  readonly test: (name: string, run: () => Promise<void>, timeoutMs: number) => unknown
  /** Groups tests under a title. Without it the tests are registered as they are. */
  readonly describe?: ((title: string, body: () => void) => unknown) | undefined
}

/** Hands the cases to the runner, in their order. */
export function registerCases(runner: TestRunner, title: string, cases: readonly TransportCase[]): void {
  const register = (): void => {
    for (const { name, run, timeoutMs } of cases) runner.test(name, run, timeoutMs)
  }
  if (runner.describe === undefined) register()
  else runner.describe(title, register)
}

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
