import type { BenchOptions } from './options.js'

/** Something that is measured. A new one is one more file, entered in scenarios.ts. */
export interface Scenario {
  readonly name: string
  /** One line: what is measured, and how. */
  describe(options: BenchOptions): string
  /** @throws Error when a reply is wrong or lost: a fast wrong answer is no result */
  run(options: BenchOptions): Promise<ScenarioResult>
}

export interface ScenarioResult {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly targets: readonly Target[]
}

/** A figure and what it should be. */
export interface Target {
  /** `window 32: replies/s, share of the floor's` */
  readonly what: string
  readonly value: number
  readonly limit: number
  readonly direction: 'at least' | 'at most'
  readonly unit?: string
}

export function isMet({ value, limit, direction }: Target): boolean {
  return direction === 'at least' ? value >= limit : value <= limit
}
