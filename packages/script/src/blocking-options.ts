import type { MiLogger } from '@mi/contract'
import type { ScriptSettings } from './options.js'

/** What `createBlockingScript` takes. */
export interface BlockingScriptOptions extends ScriptSettings {
  /**
   * URL of a file that exports the engine, not listening yet: `export const mi = createMi({ modules: [...] })`. The worker thread
   * imports it, and serves whatever transports it has besides. It may export a `tracer` too, which sees the calls of the script.
   */
  readonly engine: URL | string
  /** How long a blocking call waits for its answer, in milliseconds; then it returns -3. @default 30000 */
  readonly timeoutMs?: number | undefined
  /** How long the engine may take to listen, in milliseconds. @default 60000 */
  readonly startTimeoutMs?: number | undefined
  /** How long `close` waits for the engine to close before it ends the thread, in milliseconds. @default 10000 */
  readonly closeTimeoutMs?: number | undefined
  /**
   * How long the thread may take no call while some wait, in milliseconds, before a call that times out has it replaced; 0 is
   * for ever. @default 60000
   */
  readonly hangTimeoutMs?: number | undefined
  /** Where the end of a thread is logged that was not asked for. The engine in the thread has a logger of its own. @default silence */
  readonly log?: MiLogger | undefined
}

/** The options with every default filled in. */
export interface ResolvedBlockingOptions {
  readonly engine: string
  readonly settings: ScriptSettings
  readonly timeoutMs: number
  readonly startTimeoutMs: number
  readonly closeTimeoutMs: number
  readonly hangTimeoutMs: number
  readonly log: MiLogger
}

/** Timers take no more than 32 bits: a longer one would fire at once. */
const LARGEST_TIMER_MS = 2 ** 31 - 1

const nothing = (): void => {}

const silence: MiLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/**
 * @throws TypeError for an `engine` that is no URL
 * @throws RangeError for a time that is no number in its range
 */
export function resolveBlockingOptions(options: BlockingScriptOptions): ResolvedBlockingOptions {
  const { prettyPrinting, traceBwlist, traceAsync, source, destination } = options
  return {
    engine: urlOf(options.engine),
    // Name by name: what else the object has need not be fit for another thread.
    settings: { prettyPrinting, traceBwlist, traceAsync, source, destination },
    timeoutMs: timerMs('timeoutMs', options.timeoutMs ?? 30_000, 1),
    startTimeoutMs: timerMs('startTimeoutMs', options.startTimeoutMs ?? 60_000, 1),
    closeTimeoutMs: timerMs('closeTimeoutMs', options.closeTimeoutMs ?? 10_000, 0),
    hangTimeoutMs: timerMs('hangTimeoutMs', options.hangTimeoutMs ?? 60_000, 0),
    log: options.log ?? silence,
  }
}

function urlOf(engine: URL | string): string {
  if (URL.canParse(String(engine))) return String(engine)
  throw new TypeError(
    `createBlockingScript(): engine must be the URL of a file, such as new URL('./engine.js', import.meta.url), not '${engine}'`,
  )
}

function timerMs(name: string, value: number, low: number): number {
  if (value >= low) return Math.min(value, LARGEST_TIMER_MS)
  throw new RangeError(`createBlockingScript(): ${name} must be a number of milliseconds from ${low} up, not ${value}`)
}
