import { parseArgs } from 'node:util'

export const usage = `usage: npm run bench -- [scenario ...] [options]

  --rounds N     rounds of which the median counts (default 5)
  --seconds N    length of one measurement (default 2)
  --requests N   requests of the memory scenario (default 1000000)
  --check        exit status 1 when a target is missed (a wrong or missing reply always fails)
  --help         print this text
`

export interface BenchOptions {
  /** Names of scenarios; none is all of them. */
  readonly scenarios: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly requests: number
  readonly check: boolean
  readonly help: boolean
}

/** @throws TypeError, RangeError saying which argument is wrong */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      requests: { type: 'string', default: '1000000' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return {
    scenarios: positionals,
    rounds: Math.ceil(positive('rounds', values.rounds)),
    seconds: positive('seconds', values.seconds),
    requests: Math.ceil(positive('requests', values.requests)),
    check: values.check,
    help: values.help,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`--${name} must be a number above 0, not '${text}'`)
  return value
}
