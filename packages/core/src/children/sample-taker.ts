import type { MiLogger } from '@mi/contract'
import type { Sample, Statistics } from '../statistics.js'

/** Takes the samples of this process. A statistic of a module that throws is left out, and logged the first time. */
export class SampleTaker {
  private readonly failed = new Set<string>()

  constructor(
    private readonly numbers: Statistics,
    private readonly log: MiLogger,
  ) {}

  take(): Sample[] {
    return this.numbers.samples((statistic, error) => {
      if (this.failed.has(statistic)) return
      this.failed.add(statistic)
      this.log.error({ statistic, err: error }, 'a statistic failed; it is left out')
    })
  }
}
