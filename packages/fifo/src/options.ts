import { isAbsolute, resolve } from 'node:path'
import { type DispatchSettings, MiError } from '@mi/contract'
import { OptionChecks } from '@mi/internal/options'

/** Options of the FIFO transport. Those with an OpenSIPS parameter have its meaning and default. */
export interface FifoOptions extends DispatchSettings {
  /** FIFO to create and read requests from; a relative path is resolved at creation. @default '/tmp/opensips_fifo' (mi_fifo `fifo_name`) */
  readonly fifoName?: string | undefined
  /** Permissions of the FIFO, exactly, whatever the umask. @default 0o660 (mi_fifo `fifo_mode`) */
  readonly fifoMode?: number | undefined
  /** Group of the FIFO, by name or number. @default that of the process (mi_fifo `fifo_group`) */
  readonly fifoGroup?: string | number | undefined
  /** Owner of the FIFO, by name or number. @default that of the process (mi_fifo `fifo_user`) */
  readonly fifoUser?: string | number | undefined
  /** Directory in which reply FIFOs are looked for. @default '/tmp/' (mi_fifo `reply_dir`) */
  readonly replyDir?: string | undefined
  /** Largest JSON text of a request, in octets. @default 1048576 */
  readonly maxRequestBytes?: number | undefined
  /** How long a request may stay unfinished before it is given up, in milliseconds. @default 5000 */
  readonly partialTimeoutMs?: number | undefined
  /**
   * Longest pause between two tries to open a reply FIFO that has no reader yet, in milliseconds. The first is 1 ms, each further
   * one twice as long; the answer is dropped after four times this. 0: there is one try. @default 80
   */
  readonly replyRetryMs?: number | undefined
  /** How long a reader may take nothing of its reply before it is given up, in milliseconds. @default 2000 */
  readonly replyTimeoutMs?: number | undefined
  /**
   * Octets of replies that wait for slow or late readers, at most; further replies are dropped. None is cut: the rest of one that
   * its pipe has begun to take, up to 64 KiB, waits besides. @default 67108864
   */
  readonly maxPendingReplyBytes?: number | undefined
  /** Pause between two checks that the FIFO file is still there and ours, in milliseconds. @default 30000 */
  readonly checkIntervalMs?: number | undefined
}

const checks = new OptionChecks('fifo()')

export interface ResolvedFifoOptions {
  readonly fifoName: string
  readonly fifoMode: number
  readonly fifoGroup: string | number | undefined
  readonly fifoUser: string | number | undefined
  /** Ends with a slash. */
  readonly replyDir: string
  readonly maxRequestBytes: number
  readonly partialTimeoutMs: number
  readonly replyRetryMs: number
  readonly replyTimeoutMs: number
  readonly maxPendingReplyBytes: number
  readonly checkIntervalMs: number
}

/**
 * @throws TypeError, RangeError for values that cannot work
 * @throws MiError `MI_UNSUPPORTED` on Windows
 */
export function resolveOptions(options: FifoOptions, platform: string = process.platform): ResolvedFifoOptions {
  if (platform === 'win32') {
    throw new MiError('MI_UNSUPPORTED', 'fifo(): Windows has no FIFO files; serve MI over UDP or HTTP there')
  }
  const replyDir = path('replyDir', options.replyDir ?? '/tmp/')
  return {
    fifoName: path('fifoName', options.fifoName ?? '/tmp/opensips_fifo'),
    fifoMode: mode(options.fifoMode ?? 0o660),
    fifoGroup: checks.owner('fifoGroup', options.fifoGroup),
    fifoUser: checks.owner('fifoUser', options.fifoUser),
    replyDir: replyDir.endsWith('/') ? replyDir : `${replyDir}/`,
    maxRequestBytes: atLeast(1, 'maxRequestBytes', options.maxRequestBytes ?? 1_048_576),
    partialTimeoutMs: atLeast(1, 'partialTimeoutMs', options.partialTimeoutMs ?? 5_000),
    replyRetryMs: atLeast(0, 'replyRetryMs', options.replyRetryMs ?? 80),
    replyTimeoutMs: atLeast(1, 'replyTimeoutMs', options.replyTimeoutMs ?? 2_000),
    maxPendingReplyBytes: atLeast(0, 'maxPendingReplyBytes', options.maxPendingReplyBytes ?? 67_108_864),
    checkIntervalMs: atLeast(1, 'checkIntervalMs', options.checkIntervalMs ?? 30_000),
  }
}

/** Absolute: the process may change its directory while it listens. */
function path(name: string, value: string): string {
  if (typeof value === 'string' && value !== '' && !value.includes('\0'))
    return isAbsolute(value) ? value : resolve(value)
  throw new TypeError(`fifo(): ${name} must be a path, not ${JSON.stringify(value)}`)
}

function mode(value: number): number {
  if (Number.isInteger(value) && value > 0 && value <= 0o777) return value
  throw new RangeError(`fifo(): fifoMode must be from 0o001 to 0o777, such as 0o660, not ${value}`)
}

/** Timers take no more than 32 bits: a larger pause would fire at once. */
const LARGEST_TIMER_MS = 2 ** 31 - 1

function atLeast(low: number, name: string, value: number): number {
  if (!Number.isInteger(value) || value < low) {
    throw new RangeError(`fifo(): ${name} must be an integer from ${low} up, not ${value}`)
  }
  return name.endsWith('Ms') ? Math.min(value, LARGEST_TIMER_MS) : value
}
