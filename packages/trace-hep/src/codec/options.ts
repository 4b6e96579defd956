/**
 * How version 2 writes its time and capture id:
 * - `'le12'` 12 octets, little-endian, two of them padding: OpenSIPS and Kamailio on x86 and ARM
 * - `'be10'` 10 octets, big-endian: as heplify-server reads them
 *
 * Nothing in a packet says which it is; seconds far from now in the one and near in the other tell them apart.
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
   * Reads what is wrong but can be read, rather than refuse it:
   * - versions 1 and 2 of an unknown address family (OpenSIPS sends 0 for calls of its script): 32 octets are skipped in
   *   place of the addresses, which are undefined
   * - versions 1 and 2 whose header length does not fit the family: the family counts
   * - version 3 with addresses of another family than it says: the family of the last address counts, for it and all
   * - fields of a wrong size, and compressed payloads that cannot be inflated: they are kept among `chunks`, the latter last
   * - texts that are not UTF-8: what is wrong in them becomes U+FFFD
   *
   * Packets and chunks that end too early, or are too short to be any, are refused all the same.
   * @default false
   */
  readonly lenient?: boolean | undefined
  /** Largest payload after inflating, in octets. @default 1048576 */
  readonly maxInflatedBytes?: number | undefined
}

export interface ResolvedDecodeOptions {
  readonly v2Time: HepV2Time
  readonly lenient: boolean
  readonly maxInflatedBytes: number
}

const defaults: ResolvedDecodeOptions = { v2Time: 'le12', lenient: false, maxInflatedBytes: 1_048_576 }

/** @throws TypeError, RangeError for options that cannot work */
export function resolveDecodeOptions(options: HepDecodeOptions | undefined): ResolvedDecodeOptions {
  if (options === undefined) return defaults
  const { lenient = defaults.lenient, maxInflatedBytes = defaults.maxInflatedBytes } = options
  if (typeof lenient !== 'boolean') throw new TypeError(`lenient must be a boolean, not ${String(lenient)}`)
  if (!Number.isSafeInteger(maxInflatedBytes) || maxInflatedBytes < 1) {
    throw new RangeError(`maxInflatedBytes must be an integer from 1 up, not ${maxInflatedBytes}`)
  }
  return { v2Time: resolveV2Time(options.v2Time), lenient, maxInflatedBytes }
}

/** @throws TypeError when it is none */
export function resolveV2Time(v2Time: HepV2Time = defaults.v2Time): HepV2Time {
  if (v2Time === 'le12' || v2Time === 'be10') return v2Time
  throw new TypeError(`v2Time must be 'le12' or 'be10', not ${JSON.stringify(v2Time)}`)
}
