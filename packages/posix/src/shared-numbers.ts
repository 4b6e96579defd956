import { systemError } from './addon.js'
import { needAddon } from './load-addon.js'

/** Numbers that several processes share; what one writes is there for the others at once, and stays when it dies. */
export interface SharedNumbers {
  /** For child processes to inherit, and to open with `openSharedNumbers(count, fd)`; -1 once closed. */
  readonly fd: number
  /** The memory itself. All zero at first. */
  readonly values: Float64Array
  /** Closes the descriptor; the numbers stay readable here. May be called again. */
  close(): void
}

const MAX_NUMBERS = 2 ** 20

/**
 * Opens memory that processes share.
 * @param count how many numbers, from 1 to 1048576
 * @param fd inherited from the process that made them; left out, new ones are made
 * @throws RangeError for another count; Error of the system; `ERR_POSIX_UNAVAILABLE` when the addon cannot be loaded
 */
export function openSharedNumbers(count: number, fd?: number): SharedNumbers {
  if (!Number.isInteger(count) || count < 1 || count > MAX_NUMBERS) {
    throw new RangeError(`openSharedNumbers(): count must be an integer from 1 to ${MAX_NUMBERS}, not ${count}`)
  }
  const native = needAddon('openSharedNumbers()')
  const bytes = count * Float64Array.BYTES_PER_ELEMENT
  const descriptor = fd ?? native.createSharedFile(bytes)
  if (descriptor < 0) throw systemError(descriptor, 'memfd_create', `${bytes} bytes`)
  const memory = native.mapSharedFile(descriptor, bytes)
  if (typeof memory === 'number') {
    if (fd === undefined) native.closeDescriptor(descriptor)
    throw systemError(memory, 'mmap', `descriptor ${descriptor}`)
  }
  return new MappedNumbers(descriptor, new Float64Array(memory))
}

class MappedNumbers implements SharedNumbers {
  constructor(
    private descriptor: number,
    readonly values: Float64Array,
  ) {}

  get fd(): number {
    return this.descriptor
  }

  readonly close = (): void => {
    if (this.descriptor < 0) return
    needAddon('close()').closeDescriptor(this.descriptor)
    this.descriptor = -1
  }
}
