/** A field that cannot be written, because it is no integer or has too many bits. */
export function integerError(name: string, highest: number | bigint, value: unknown): RangeError {
  return new RangeError(`encodeHep(): ${name} must be an integer from 0 to ${highest}, not ${String(value)}`)
}
