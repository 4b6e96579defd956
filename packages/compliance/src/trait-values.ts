/** The words that a trait may be. */
const words: ReadonlyMap<string, readonly string[]> = new Map([
  ['provisional', ['atOnce', 'withFinal', 'never']],
  ['requestLimit', ['answered', 'counted', 'none']],
  ['vanishedPeers', ['counted', 'unnoticed']],
  ['slowPeers', ['counted', 'unnoticed']],
  ['absentServer', ['noticed', 'unnoticed']],
  ['vanishedServer', ['noticed', 'unnoticed']],
])

const flags: ReadonlySet<string> = new Set(['newlines', 'stream', 'listenCanFail', 'relisten', 'plainText'])

/** Timers take no more than 32 bits, and the suites wait for several of these in a row. */
const longestMs = 3_600_000

/**
 * A misspelt value would switch tests off, as a misspelt name would.
 * @param what how messages call the trait
 * @throws TypeError for a value that does not exist, RangeError for a time or size that cannot be
 */
export function assertTraitValue(what: string, name: string, value: unknown): void {
  const allowed = words.get(name)
  if (allowed !== undefined) {
    if (typeof value === 'string' && allowed.includes(value)) return
    throw new TypeError(`${what} must be one of '${allowed.join("', '")}', not ${JSON.stringify(value)}`)
  }
  if (flags.has(name)) {
    if (typeof value === 'boolean') return
    throw new TypeError(`${what} must be true or false, not ${JSON.stringify(value)}`)
  }
  if (typeof value !== 'number' || !(value > 0)) {
    throw new RangeError(`${what} must be a positive number, not ${String(value)}`)
  }
  if (name.endsWith('Ms') && value > longestMs) {
    throw new RangeError(`${what} must be ${longestMs} ms at most, not ${value}`)
  }
}
