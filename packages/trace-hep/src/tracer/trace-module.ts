import {
  array,
  defineModule,
  implement,
  int,
  literal,
  type MiModule,
  type ModuleStatistic,
  object,
  optional,
} from '@mi/contract'
import type { HepDestinationStatus } from '../destination/destination.js'
import type { HepTracer } from './tracer.js'

/** The command `trace:status`, for clients: `client.call(trace.status)`. */
export const trace = defineModule('trace', {
  status: {
    help: 'shows the capture servers that commands are traced to, and how many messages were sent, wait and were dropped',
    recipes: [{}],
    result: object({
      destinations: array(
        object({
          name: 'string',
          address: 'string',
          version: int(),
          state: literal('closed', 'connecting', 'connected', 'retrying', 'cooldown'),
          sent: int(),
          queued: int(),
          dropped: int(),
          last_error: optional('string'),
        }),
      ),
    }),
    idempotent: true,
  },
})

type Count = 'sent' | 'queued' | 'dropped'
const COUNTS: readonly Count[] = ['sent', 'queued', 'dropped']

/**
 * The module `trace`: its command `trace:status`, and the statistics `trace:sent`, `trace:queued` and `trace:dropped`, also
 * of each destination (`trace:NAME_sent`).
 * @param tracers their destinations are shown; of two with the same name the later one gets a number
 * @throws TypeError without a tracer
 */
export function hepModule(...tracers: readonly HepTracer[]): MiModule {
  if (tracers.length === 0) throw new TypeError('hepModule(): give at least one tracer')
  const all = (): HepDestinationStatus[] => named(tracers.flatMap((tracer) => tracer.status()))
  const statistics = Object.fromEntries(
    COUNTS.flatMap((count): [string, ModuleStatistic][] => [
      [count, statistic(count, () => all())],
      ...all().map(({ name }): [string, ModuleStatistic] => [
        `${name}_${count}`,
        statistic(count, () => all().filter((each) => each.name === name)),
      ]),
    ]),
  )
  return implement(trace, { status: () => ({ destinations: all().map(shown) }) }, { statistics })
}

/** What is sent and dropped counts up and can be reset, which `trace:status` does not show; what waits is a gauge. */
function statistic(count: Count, select: () => readonly HepDestinationStatus[]): ModuleStatistic {
  const total = (): number => select().reduce((sum, status) => sum + status[count], 0)
  if (count === 'queued') return total
  let zero = 0
  return {
    value: () => total() - zero,
    reset: () => {
      zero = total()
    },
  }
}

function named(destinations: readonly HepDestinationStatus[]): HepDestinationStatus[] {
  const names = new Set<string>()
  return destinations.map((destination) => {
    let { name } = destination
    for (let number = 2; names.has(name); number++) name = `${destination.name}${number}`
    names.add(name)
    return { ...destination, name }
  })
}

function shown({ lastError, ...rest }: HepDestinationStatus) {
  return lastError === undefined ? rest : { ...rest, last_error: lastError }
}
