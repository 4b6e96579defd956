import { join } from 'node:path'
import { OptionChecks, type OptionNames } from '@mi/internal/options'
import { replyFileName } from '../live-files.js'

/** Where the server's FIFO is, and where its replies are to arrive. */
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
  /** The longest reply, in bytes; a longer one is refused with `MI_PROTOCOL`. @default 67108864 (64 MiB) */
  readonly maxReplyBytes?: number | undefined
  /** How many reply FIFOs may exist at once; further calls wait in order. @default 256 */
  readonly maxConcurrent?: number | undefined
  /** How many calls may wait for their turn; more are refused with `MI_CONNECTION`. @default 65536 */
  readonly maxQueued?: number | undefined
}

export interface ResolvedFifoOptions {
  /** The server's FIFO and its fallback, in the order in which they are tried. */
  readonly serverPaths: readonly string[]
  readonly replyDir: string
  readonly replyMode: number
  readonly maxReplyBytes: number
  readonly maxConcurrent: number
  readonly maxQueued: number
}

const OPTIONS: OptionNames<FifoTransportOptions> = {
  fifoName: true,
  fallback: true,
  replyDir: true,
  replyMode: true,
  maxReplyBytes: true,
  maxConcurrent: true,
  maxQueued: true,
}

const DEFAULT_FIFO = '/var/run/opensips/opensips_fifo'
const DEFAULT_FALLBACK = '/tmp/opensips_fifo'

/** OpenSIPS has room for so many bytes of directory and name. */
const MAX_REPLY_PATH_BYTES = 127

/** @throws TypeError for an unknown option or a wrong path, RangeError for a number or length out of bounds */
export function resolveFifoOptions(options: FifoTransportOptions): ResolvedFifoOptions {
  const check = new OptionChecks('fifo()')
  const { fifoName, replyDir, replyMode, maxReplyBytes, maxConcurrent, maxQueued } = check.known(options, OPTIONS)
  const { fallback = fifoName === undefined ? DEFAULT_FALLBACK : false } = options
  const serverPaths = [check.path('fifoName', fifoName ?? DEFAULT_FIFO)]
  if (fallback !== false) serverPaths.push(check.path('fallback', fallback))
  const directory = check.path('replyDir', replyDir ?? '/tmp/')
  const mode = check.mode('replyMode', replyMode ?? 0o622)
  if ((mode & 0o400) === 0) throw new RangeError('fifo(): replyMode must let the owner read, such as 0o622')
  const length = Buffer.byteLength(join(directory, replyFifoName()))
  if (length > MAX_REPLY_PATH_BYTES) {
    throw new RangeError(
      `fifo(): replyDir ${directory} is too long: with the name of a reply FIFO it has ${length} bytes, and OpenSIPS ` +
        `takes ${MAX_REPLY_PATH_BYTES}`,
    )
  }
  return {
    serverPaths,
    replyDir: directory,
    replyMode: mode,
    maxReplyBytes: check.integer('maxReplyBytes', maxReplyBytes ?? 64 * 1024 * 1024, 1),
    maxConcurrent: check.integer('maxConcurrent', maxConcurrent ?? 256, 1),
    maxQueued: check.integer('maxQueued', maxQueued ?? 65_536, 1),
  }
}

/** A name for a reply FIFO that nobody can guess and MI can carry: it holds no `.`, `/` or `\`. */
export function replyFifoName(): string {
  return replyFileName('', 12)
}
