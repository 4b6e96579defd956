import { onTestFinished } from 'vitest'
import type { HepArrival, HepMalformed } from '../../src/collector/arrivals.js'
import { createHepCollector, type HepCollector } from '../../src/collector/collector.js'
import type { HepCollectorOptions } from '../../src/collector/collector-options.js'
import { until } from './until.js'

export interface Collecting {
  readonly collector: HepCollector
  readonly arrivals: HepArrival[]
  readonly malformed: HepMalformed[]
  readonly problems: Error[]
  port(transport: 'udp' | 'tcp' | 'tls'): number
  /** Resolves with all messages when there are so many. */
  arrived(count: number): Promise<readonly HepArrival[]>
}

/** A collector that listens on free ports; closed when the test ends. */
export async function collecting(options: HepCollectorOptions): Promise<Collecting> {
  const collector = createHepCollector(options)
  const arrivals: HepArrival[] = []
  const malformed: HepMalformed[] = []
  const problems: Error[] = []
  collector.on('message', (arrival) => arrivals.push(arrival))
  collector.on('malformed', (each) => malformed.push(each))
  collector.on('problem', (error) => problems.push(error))
  onTestFinished(() => collector.close())
  await collector.listen()
  return {
    collector,
    arrivals,
    malformed,
    problems,
    port: (transport) => collector.addresses[transport]?.port ?? 0,
    arrived: async (count) => {
      await until(`${count} messages`, () => arrivals.length >= count)
      return arrivals
    },
  }
}
