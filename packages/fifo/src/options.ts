import { type DispatchSettings, MiError } from '@mi/contract'
import { DISPATCH_SETTINGS, dispatchSettings } from '@mi/internal/dispatch-settings'
import { OptionChecks, type OptionNames } from '@mi/internal/options'

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
  /** Directory that holds the reply FIFOs. @default '/tmp/' (mi_fifo `reply_dir`) */
  readonly replyDir?: string | undefined
  /** Largest JSON text of a request, in bytes. @default 1048576 */
  readonly maxRequestBytes?: number | undefined
  /** How long a request may stay unfinished before it is given up, in milliseconds. @default 5000 */
  readonly partialTimeoutMs?: number | undefined
  /**
   * Longest pause between two tries to open a reply FIFO that has no reader yet, in milliseconds. The first pause is 1 ms, each
   * further one twice as long; the reply is dropped after four times this. 0: there is one try. @default 80
   */
  readonly replyRetryMs?: number | undefined
  /** How long a reader may take nothing of its reply before it is given up, in milliseconds. @default 2000 */
  readonly replyTimeoutMs?: number | undefined
  /**
   * Bytes of replies that wait for slow or late readers, at most; further replies are dropped. A reply that its pipe has begun to
   * take is never cut: the rest of it, up to 64 KiB, waits even beyond this limit. @default 67108864
   */
  readonly maxPendingReplyBytes?: number | undefined
  /** Replies that wait for slow or late readers, at most; half of the room is for FIFOs that nothing waits for. @default 10000 */
  readonly maxPendingReplies?: number | undefined
  /**
   * Reply FIFOs that are open at the same time for readers that are slow, at most: each takes a file descriptor of the process. Further
   * replies wait for a place, for `replyTimeoutMs` at most. @default 128
   */
  readonly maxOpenReplyFifos?: number | undefined
  /** Pause between two checks that the FIFO file is still there and ours, in milliseconds. @default 30000 */
  readonly checkIntervalMs?: number | undefined
}

/** Every option, for messages about unknown ones. */
export const FIFO_OPTIONS: OptionNames<FifoOptions> = {
  fifoName: true,
  fifoMode: true,
  fifoGroup: true,
  fifoUser: true,
  replyDir: true,
  maxRequestBytes: true,
  partialTimeoutMs: true,
  replyRetryMs: true,
  replyTimeoutMs: true,
  maxPendingReplyBytes: true,
  maxPendingReplies: true,
  maxOpenReplyFifos: true,
  checkIntervalMs: true,
  ...DISPATCH_SETTINGS,
}

/** All options with their defaults. `replyDir` ends with a slash. */
export interface ResolvedFifoOptions {
  readonly fifoName: string
  readonly fifoMode: number
  readonly fifoGroup: string | number | undefined
  readonly fifoUser: string | number | undefined
  readonly replyDir: string
  readonly maxRequestBytes: number
  readonly partialTimeoutMs: number
  readonly replyRetryMs: number
  readonly replyTimeoutMs: number
  readonly maxPendingReplyBytes: number
  readonly maxPendingReplies: number
  readonly maxOpenReplyFifos: number
  readonly checkIntervalMs: number
  readonly settings: DispatchSettings
}

const checks = new OptionChecks('fifo()')

/**
 * @throws TypeError, RangeError for values that cannot work and for unknown options
 * @throws MiError `MI_UNSUPPORTED` on Windows
 */
export function resolveOptions(options: FifoOptions, platform: string = process.platform): ResolvedFifoOptions {
  if (platform === 'win32') {
    throw new MiError('MI_UNSUPPORTED', 'fifo(): Windows has no FIFO files; serve MI over UDP or HTTP there')
  }
  checks.known(options, FIFO_OPTIONS)
  const replyDir = checks.path('replyDir', options.replyDir ?? '/tmp/')
  return {
    fifoName: checks.path('fifoName', options.fifoName ?? '/tmp/opensips_fifo'),
    fifoMode: checks.mode('fifoMode', options.fifoMode ?? 0o660),
    fifoGroup: checks.owner('fifoGroup', options.fifoGroup),
    fifoUser: checks.owner('fifoUser', options.fifoUser),
    replyDir: replyDir.endsWith('/') ? replyDir : `${replyDir}/`,
    maxRequestBytes: checks.limit('maxRequestBytes', options.maxRequestBytes ?? 1_048_576, 1),
    partialTimeoutMs: checks.timerMs('partialTimeoutMs', options.partialTimeoutMs ?? 5_000, 1),
    replyRetryMs: checks.timerMs('replyRetryMs', options.replyRetryMs ?? 80, 0),
    replyTimeoutMs: checks.timerMs('replyTimeoutMs', options.replyTimeoutMs ?? 2_000, 1),
    maxPendingReplyBytes: checks.limit('maxPendingReplyBytes', options.maxPendingReplyBytes ?? 67_108_864, 0),
    maxPendingReplies: checks.limit('maxPendingReplies', options.maxPendingReplies ?? 10_000, 1),
    maxOpenReplyFifos: checks.limit('maxOpenReplyFifos', options.maxOpenReplyFifos ?? 128, 1),
    checkIntervalMs: checks.timerMs('checkIntervalMs', options.checkIntervalMs ?? 30_000, 1),
    settings: dispatchSettings(checks, options),
  }
}
