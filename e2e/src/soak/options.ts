import { parseArgs } from 'node:util'
import type { Target, Transport } from './messages.js'

export const usage = `usage: npm run soak -- [options]

Runs a server with good, slow, mute and vanishing peers, and adds up what became of every request.

  --seconds N       how long (default 300)
  --transport NAME  fifo, unix or udp; may be given several times (default all)
  --children N      processes that serve UDP (default 0: the server itself)
  --max-wait MS     what a good peer may wait (default 2000, after which the server gives up peers that hold up others)

npm run soak -- --hostile N [options]

Sends N hostile inputs to each target, and a valid request after each 1,000.

  --target NAME     fifo, unix, udp, hep (the collector) or decoder (of HEP); may be given several times (default all)
  --seed N          other inputs (default 1)
  --block N         only this block of 1,000 inputs, with a valid request after each input

Exit status 1: something does not hold.
`

const TRANSPORTS = ['fifo', 'unix', 'udp'] as const satisfies readonly Transport[]
const TARGETS = [...TRANSPORTS, 'hep', 'decoder'] as const satisfies readonly Target[]

export interface Options {
  readonly help: boolean
  readonly seconds: number
  readonly transports: readonly Transport[]
  readonly children: number
  readonly maxWaitMs: number
  /** Undefined: no hostile inputs. */
  readonly hostile: number | undefined
  readonly targets: readonly Target[]
  readonly seed: number
  readonly block: number | undefined
}

/** @throws TypeError, RangeError saying which argument is wrong */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      seconds: { type: 'string', default: '300' },
      transport: { type: 'string', multiple: true, default: [...TRANSPORTS] },
      children: { type: 'string', default: '0' },
      'max-wait': { type: 'string', default: '2000' },
      hostile: { type: 'string' },
      target: { type: 'string', multiple: true, default: [...TARGETS] },
      seed: { type: 'string', default: '1' },
      block: { type: 'string' },
    },
  })
  return {
    help: values.help,
    seconds: whole('seconds', values.seconds),
    transports: values.transport.map((name) => oneOf('transport', name, TRANSPORTS)),
    children: whole('children', values.children),
    maxWaitMs: whole('max-wait', values['max-wait']),
    hostile: values.hostile === undefined ? undefined : whole('hostile', values.hostile),
    targets: values.target.map((name) => oneOf('target', name, TARGETS)),
    seed: whole('seed', values.seed),
    block: values.block === undefined ? undefined : whole('block', values.block),
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--${name} must be a whole number, not '${text}'`)
  return Number(text)
}

function oneOf<const T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((each) => each === text)
  if (found === undefined) throw new TypeError(`--${name} must be one of ${known.join(', ')}, not '${text}'`)
  return found
}
