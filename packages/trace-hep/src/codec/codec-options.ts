import { OptionChecks, type OptionNames } from '@mi/internal/options'

/**
 * How version 2 writes its time and capture id:
 * - `'le12'` 12 bytes, little-endian, two of them padding: OpenSIPS and Kamailio on x86 and ARM
 * - `'be10'` 10 bytes, big-endian: as heplify-server reads them
 *
 * A packet does not say which form it has. Seconds that are near to now in one form and far in the other tell them apart.
 */
export type HepV2Time = 'le12' | 'be10'

/** How `encodeHep` writes. */
export interface HepEncodeOptions {
  /** @default 'le12' */
  readonly v2Time?: HepV2Time | undefined
}

/** How `decodeHep` reads. */
export interface HepDecodeOptions {
  /** @default 'le12' */
  readonly v2Time?: HepV2Time | undefined
  /**
   * Reads packets that are wrong but readable, instead of refusing them:
   * - versions 1 and 2 of an unknown address family (OpenSIPS sends 0 for calls of its script): 32 bytes are skipped in
   *   place of the addresses, which are undefined
   * - versions 1 and 2 whose header length does not fit the family: the family counts
   * - version 3 with addresses of another family than it says: the family of the last address counts
   * - fields of a wrong size, and compressed payloads that cannot be inflated: they are kept among `chunks`, the latter last
   * - texts that are not UTF-8: wrong bytes become U+FFFD
   *
   * Packets and chunks that end too early or are too short are always refused.
   * @default false
   */
  readonly lenient?: boolean | undefined
  /** Largest payload after inflating, in bytes. @default 1048576 */
  readonly maxInflatedBytes?: number | undefined
}

export interface ResolvedDecodeOptions {
  readonly v2Time: HepV2Time
  readonly lenient: boolean
  readonly maxInflatedBytes: number
}

const DEFAULTS: ResolvedDecodeOptions = { v2Time: 'le12', lenient: false, maxInflatedBytes: 1_048_576 }

const NAMES: OptionNames<HepDecodeOptions> = { v2Time: true, lenient: true, maxInflatedBytes: true }

/**
 * @param factory how errors call the function that has these options
 * @throws TypeError, RangeError for options that cannot work
 */
export function resolveDecodeOptions(
  factory: string,
  options: HepDecodeOptions | undefined,
  defaults = DEFAULTS,
): ResolvedDecodeOptions {
  if (options === undefined) return defaults
  const checks = new OptionChecks(factory)
  const { lenient = defaults.lenient, maxInflatedBytes = defaults.maxInflatedBytes } = checks.known(options, NAMES)
  return {
    v2Time: resolveV2Time(factory, options.v2Time),
    lenient: checks.flag('lenient', lenient),
    maxInflatedBytes: checks.integer('maxInflatedBytes', maxInflatedBytes, 1),
  }
}

/** @throws TypeError for anything else */
export function resolveV2Time(factory: string, v2Time: unknown = DEFAULTS.v2Time): HepV2Time {
  if (v2Time === 'le12' || v2Time === 'be10') return v2Time
  return new OptionChecks(factory).oneOf('v2Time', v2Time, ['le12', 'be10'])
}
