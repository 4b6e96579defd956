import { isAbsolute, resolve } from 'node:path'
import { nearest } from './nearest.js'

/** The longest timer of Node.js: its length has 32 bits, and a longer one fires at once. */
export const LARGEST_TIMER_MS = 2 ** 31 - 1

/** Largest number of a user or group. The one above it means "no change" to the system. */
const LARGEST_ID = 2 ** 32 - 2

/** The names of an options interface, each once: `const NAMES: OptionNames<FifoOptions> = { fifoName: true, ... }`. */
export type OptionNames<T> = { readonly [K in keyof Required<T>]: true }

/**
 * Checks the options of one factory. Every message begins with its name, and says what the option must be and what it is.
 * Each method returns the checked value, so that a resolved object can be written in one expression.
 */
export class OptionChecks {
  /** @param factory how users call it, such as `fifo()` */
  constructor(private readonly factory: string) {}

  /**
   * @param names the options that exist
   * @throws TypeError for something that is not an object, and for an unknown option: it names the nearest known one
   */
  known<T extends object>(options: T, names: OptionNames<T>): T {
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw new TypeError(`${this.factory}: options must be an object, not ${shown(options)}`)
    }
    for (const name of Object.keys(options)) {
      if (Object.hasOwn(names, name)) continue
      const [meant] = nearest(name, Object.keys(names))
      const advice =
        meant === undefined ? `known options: ${Object.keys(names).join(', ')}` : `did you mean '${meant}'?`
      throw new TypeError(`${this.factory}: unknown option '${name}'; ${advice}`)
    }
    return options
  }

  /** @throws RangeError for anything but an integer from `low` to `high` */
  integer(name: string, value: unknown, low: number, high: number = Number.MAX_SAFE_INTEGER): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value
    throw new RangeError(`${this.factory}: ${name} must be an integer ${range(low, high)}, not ${shown(value)}`)
  }

  /** A count without an upper bound, such as a limit; Infinity is allowed. @throws RangeError for anything but a number from `low` up */
  limit(name: string, value: unknown, low: number): number {
    if (typeof value === 'number' && value >= low) return value
    throw new RangeError(`${this.factory}: ${name} must be a number from ${low} up, not ${shown(value)}`)
  }

  /** A time in milliseconds, cut to the longest timer. @throws RangeError for anything but a number from `low` up */
  timerMs(name: string, value: unknown, low: number): number {
    if (typeof value === 'number' && value >= low) return Math.min(value, LARGEST_TIMER_MS)
    throw new RangeError(
      `${this.factory}: ${name} must be a number of milliseconds from ${low} up, not ${shown(value)}`,
    )
  }

  /** Permissions of a file. @throws RangeError for anything but 0o001 to 0o777 */
  mode(name: string, value: unknown): number {
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 0o777) return value
    throw new RangeError(`${this.factory}: ${name} must be from 0o001 to 0o777, such as 0o660, not ${shown(value)}`)
  }

  /** A path, made absolute: the process may change its directory later. @throws TypeError for anything but a path */
  path(name: string, value: unknown): string {
    if (typeof value === 'string' && value !== '' && !value.includes('\0')) {
      return isAbsolute(value) ? value : resolve(value)
    }
    throw new TypeError(`${this.factory}: ${name} must be a path, not ${shown(value)}`)
  }

  /** @throws TypeError for anything but a string */
  text(name: string, value: unknown): string {
    if (typeof value === 'string') return value
    throw new TypeError(`${this.factory}: ${name} must be a string, not ${shown(value)}`)
  }

  /** @throws TypeError for anything but true and false */
  flag(name: string, value: unknown): boolean {
    if (typeof value === 'boolean') return value
    throw new TypeError(`${this.factory}: ${name} must be true or false, not ${shown(value)}`)
  }

  /** @throws TypeError for anything but one of the choices */
  oneOf<const V extends string | number>(name: string, value: unknown, choices: readonly V[]): V {
    const found = choices.find((choice) => choice === value)
    if (found !== undefined) return found
    throw new TypeError(`${this.factory}: ${name} must be ${choices.map(shown).join(' or ')}, not ${shown(value)}`)
  }

  /** A user or group, by name or number; undefined stays. @throws TypeError for anything else */
  owner(name: string, value: string | number | undefined): string | number | undefined {
    if (value === undefined) return value
    const isName = typeof value === 'string' && value !== '' && !/^\d+$/.test(value)
    const id = typeof value === 'number' || /^\d+$/.test(value) ? Number(value) : Number.NaN
    if (isName || (Number.isInteger(id) && id >= 0 && id <= LARGEST_ID)) return value
    throw new TypeError(
      `${this.factory}: ${name} must be a name or a number from 0 to ${LARGEST_ID}, not ${shown(value)}`,
    )
  }
}

function range(low: number, high: number): string {
  return high === Number.MAX_SAFE_INTEGER ? `from ${low} up` : `from ${low} to ${high}`
}

/** A value in a message: short, and on one line. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
