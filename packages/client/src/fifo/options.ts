import { join, resolve } from 'node:path'
import { replyNameLength } from './reply-name.js'

/** Where the server's FIFO is, and where its answers are to arrive. */
export interface FifoTransportOptions {
  /** The server's FIFO (mi_fifo `fifo_name`). @default '/var/run/opensips/opensips_fifo' */
  readonly fifoName?: string | undefined
  /**
   * The FIFO to try when `fifoName` does not exist or no server reads it; false for none.
   * @default '/tmp/opensips_fifo' when `fifoName` is left at its default, else false: a request must not reach a server
   * that was not named
   */
  readonly fallback?: string | false | undefined
  /** Where the reply FIFOs are made; the server's reply directory (mi_fifo `reply_dir`). @default '/tmp/' */
  readonly replyDir?: string | undefined
  /** Permission bits of the reply FIFOs: this user reads, the server's user writes. @default 0o622 */
  readonly replyMode?: number | undefined
  /** The longest answer, in bytes; a longer one is refused with `MI_PROTOCOL`. @default 67108864 (64 MiB) */
  readonly maxReplyBytes?: number | undefined
  /** How many reply FIFOs may be open at once; further calls wait in order. @default 256 */
  readonly maxConcurrent?: number | undefined
  /** How many calls may wait for their turn; more are refused with `MI_CONNECTION`. @default 65536 */
  readonly maxWaiting?: number | undefined
}

export interface ResolvedFifoOptions {
  /** The server's FIFO and its fallback, in the order in which they are tried. */
  readonly serverPaths: readonly string[]
  readonly replyDir: string
  readonly replyMode: number
  readonly maxReplyBytes: number
  readonly maxConcurrent: number
  readonly maxWaiting: number
}

const usualFifo = '/var/run/opensips/opensips_fifo'
const usualFallback = '/tmp/opensips_fifo'

/** OpenSIPS has room for so many bytes of directory and name. */
const maxReplyPathBytes = 127

/** @throws TypeError for a path that is none, RangeError for a number or length out of bounds */
export function resolveFifoOptions(options: FifoTransportOptions): ResolvedFifoOptions {
  const { fifoName = usualFifo, fallback = options.fifoName === undefined ? usualFallback : false } = options
  const serverPaths = [resolvePath('fifoName', fifoName)]
  if (fallback !== false) serverPaths.push(resolvePath('fallback', fallback))
  const replyDir = resolvePath('replyDir', options.replyDir ?? '/tmp/')
  const length = Buffer.byteLength(join(replyDir, 'x'.repeat(replyNameLength)))
  if (length > maxReplyPathBytes) {
    throw new RangeError(
      `fifo(): replyDir ${replyDir} is too long: with the name of a reply FIFO it has ${length} bytes, and OpenSIPS ` +
        `takes ${maxReplyPathBytes}`,
    )
  }
  const { replyMode = 0o622 } = options
  if (!Number.isInteger(replyMode) || replyMode < 0 || replyMode > 0o777 || (replyMode & 0o400) === 0) {
    throw new RangeError('fifo(): replyMode must be permission bits that let the owner read, such as 0o622')
  }
  return {
    serverPaths,
    replyDir,
    replyMode,
    maxReplyBytes: positive('maxReplyBytes', options.maxReplyBytes ?? 64 * 1024 * 1024),
    maxConcurrent: positive('maxConcurrent', options.maxConcurrent ?? 256),
    maxWaiting: positive('maxWaiting', options.maxWaiting ?? 65_536),
  }
}

/** Absolute from the start: a later change of the working directory must not lose a file. */
function resolvePath(option: string, path: string): string {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new TypeError(`fifo(): ${option} must be a path`)
  }
  return resolve(path)
}

function positive(option: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`fifo(): ${option} must be a whole number from 1, not ${String(value)}`)
  }
  return value
}
