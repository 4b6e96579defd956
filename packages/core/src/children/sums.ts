import { type Sample, Statistics } from '../statistics.js'

/** Adds up the numbers of several processes; statistics come in the order in which they are first seen. */
export function sumSamples(samples: Iterable<Sample>): Sample[] {
  const sums = new Map<string, Sample>()
  for (const sample of samples) {
    // Group and name apart: either may hold a colon.
    const key = JSON.stringify([sample.group, sample.name])
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? sample : { ...sum, value: sum.value + sample.value })
  }
  return [...sums.values()]
}

/** Samples as statistics, to be selected from. Resetting them does nothing. */
export function statisticsOf(samples: Iterable<Sample>): Statistics {
  const statistics = new Statistics()
  for (const { group, name, value, counter } of samples) {
    statistics.add(group, name, counter ? { value: () => value, reset() {} } : () => value)
  }
  return statistics
}

/** The samples with the counters among those named at zero. @param names as `group:name` */
export function resetSamples(samples: readonly Sample[], names: readonly string[]): Sample[] {
  const named = new Set(names)
  return samples.map((sample) =>
    sample.counter && named.has(`${sample.group}:${sample.name}`) ? { ...sample, value: 0 } : sample,
  )
}
