import { UsageError } from '../usage-error.js'

const unitMs: Readonly<Record<string, number>> = { '': 1000, ms: 1, s: 1000, m: 60_000 }

/** As long as a timer of Node.js may run. */
const longestMs = 2 ** 31 - 1

/**
 * A time as it is typed, in milliseconds: `2` and `2s` are seconds, `500ms` and `1.5m` what they say.
 * @param option for the message
 * @param leastMs the shortest time that makes sense
 * @throws UsageError for anything else
 */
export function parseDuration(option: string, text: string, leastMs = 0): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m)?$/.exec(text) ?? []
  const factor = unitMs[unit]
  if (number === '' || factor === undefined) {
    throw new UsageError(`${option} wants a time such as 2, 2s, 500ms or 1m, not '${text}'`)
  }
  const ms = Number(number) * factor
  if (ms < leastMs || ms > longestMs) {
    throw new UsageError(
      `${option} must be from ${leastMs / 1000} to ${Math.floor(longestMs / 1000)} seconds, not ${text}`,
    )
  }
  return ms
}
