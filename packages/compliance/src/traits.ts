/** How long the suites wait. All in milliseconds. */
export interface WaitTraits {
  /** The longest wait for anything that must happen. Give a slow transport more. @default 5000 */
  readonly waitMs: number
  /** How long nothing may arrive where nothing must arrive. @default 100 */
  readonly quietMs: number
  /** How long descriptors, handles and timers may outlive `close` (the system frees some of them late). @default 100 */
  readonly graceMs: number
}

/** What both ends of a wire have in common. */
export interface WireTraits extends WaitTraits {
  /** Texts may hold line breaks. @default true */
  readonly newlines: boolean
  /** The largest request that the wire can carry, in bytes. @default Infinity */
  readonly maxRequestBytes: number
  /** The largest answer that the wire can carry, in bytes. @default Infinity */
  readonly maxReplyBytes: number
  /**
   * Answers ahead of the final one: carried at once, carried together with the final one, or not carried.
   * @default 'atOnce'
   */
  readonly provisional: 'atOnce' | 'withFinal' | 'never'
}

/** What a server transport can do. Whatever is left out has its default: the most that a transport can promise. */
export interface ServerTraits extends WireTraits {
  /** Requests are parts of a stream: they may come in pieces, and several in one write. @default true */
  readonly stream: boolean
  /** There are reasons for which `listen` fails. @default true */
  readonly listenCanFail: boolean
  /** `listen` works again after `close`. @default true */
  readonly relisten: boolean
  /** A request over `maxRequestBytes` is answered with a text that names the limit, is counted, or there is no limit. @default 'answered' */
  readonly requestLimit: 'answered' | 'counted' | 'none'
  /** The answer to a peer that has gone is counted as dropped, or nobody can tell (UDP). @default 'counted' */
  readonly vanishedPeers: 'counted' | 'unnoticed'
  /** The answer to a peer that does not read is counted as dropped in the end, or the system takes all answers (UDP). @default 'counted' */
  readonly slowPeers: 'counted' | 'unnoticed'
  /** How many answers it takes until a peer that does not read holds one up. @default 1 */
  readonly slowReplies: number
  /** How large these answers are, in bytes: together more than the system's buffers hold. @default 1_048_576 */
  readonly slowReplyBytes: number
}

/** What a client transport can do. Whatever is left out has its default: the most that a transport can promise. */
export interface ClientTraits extends WireTraits {
  /** A request rejects by itself when there is no server, or waits until its signal fires (UDP). @default 'noticed' */
  readonly absentServer: 'noticed' | 'unnoticed'
  /** A request rejects by itself when its server goes away, or waits until its signal fires (FIFO, UDP). @default 'noticed' */
  readonly vanishedServer: 'noticed' | 'unnoticed'
  /** A reply that is not JSON can be matched to its request. @default true */
  readonly plainText: boolean
}

const wireDefaults: WireTraits = {
  waitMs: 5000,
  quietMs: 100,
  graceMs: 100,
  newlines: true,
  maxRequestBytes: Number.POSITIVE_INFINITY,
  maxReplyBytes: Number.POSITIVE_INFINITY,
  provisional: 'atOnce',
}

const serverDefaults: ServerTraits = {
  ...wireDefaults,
  stream: true,
  listenCanFail: true,
  relisten: true,
  requestLimit: 'answered',
  vanishedPeers: 'counted',
  slowPeers: 'counted',
  slowReplies: 1,
  slowReplyBytes: 1_048_576,
}

const clientDefaults: ClientTraits = {
  ...wireDefaults,
  absentServer: 'noticed',
  vanishedServer: 'noticed',
  plainText: true,
}

/** The words that a trait may be. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['provisional', ['atOnce', 'withFinal', 'never']],
  ['requestLimit', ['answered', 'counted', 'none']],
  ['vanishedPeers', ['counted', 'unnoticed']],
  ['slowPeers', ['counted', 'unnoticed']],
  ['absentServer', ['noticed', 'unnoticed']],
  ['vanishedServer', ['noticed', 'unnoticed']],
])

const FLAGS: ReadonlySet<string> = new Set(['newlines', 'stream', 'listenCanFail', 'relisten', 'plainText'])

/** Timers take no more than 32 bits, and the suites wait for several of these in a row. */
const LONGEST_MS = 3_600_000

/** @throws TypeError for a trait or value that does not exist, RangeError for a time or size that cannot be */
export function resolveServerTraits(traits: Partial<ServerTraits>): ServerTraits {
  return resolve('serverTransportSuite', serverDefaults, traits)
}

/** @throws TypeError for a trait or value that does not exist, RangeError for a time or size that cannot be */
export function resolveClientTraits(traits: Partial<ClientTraits>): ClientTraits {
  return resolve('clientTransportSuite', clientDefaults, traits)
}

function resolve<T extends WireTraits>(suite: string, defaults: T, traits: Partial<T>): T {
  const known: ReadonlySet<string> = new Set(Object.keys(defaults))
  const given = Object.entries(traits).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) {
    if (!known.has(name)) {
      throw new TypeError(`${suite}: unknown trait '${name}'; the traits are ${[...known].join(', ')}`)
    }
    assertTraitValue(`${suite}: trait '${name}'`, name, value)
  }
  return { ...defaults, ...Object.fromEntries(given) }
}

/**
 * A misspelt value would switch tests off, as a misspelt name would.
 * @param what how messages call the trait
 * @throws TypeError for a value that does not exist, RangeError for a time or size that cannot be
 */
function assertTraitValue(what: string, name: string, value: unknown): void {
  const allowed = WORDS.get(name)
  if (allowed !== undefined) {
    if (typeof value === 'string' && allowed.includes(value)) return
    throw new TypeError(`${what} must be one of '${allowed.join("', '")}', not ${JSON.stringify(value)}`)
  }
  if (FLAGS.has(name)) {
    if (typeof value === 'boolean') return
    throw new TypeError(`${what} must be true or false, not ${JSON.stringify(value)}`)
  }
  if (typeof value !== 'number' || !(value > 0)) {
    throw new RangeError(`${what} must be a positive number, not ${String(value)}`)
  }
  if (name.endsWith('Ms') && value > LONGEST_MS) {
    throw new RangeError(`${what} must be ${LONGEST_MS} ms at most, not ${value}`)
  }
}
