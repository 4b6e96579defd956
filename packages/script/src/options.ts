import type { IpEndpoint, MiLogger, MiTracer } from '@mi/contract'
import { guardedLog, silence } from '@mi/internal/guarded-log'
import { OptionChecks, type OptionNames } from '@mi/internal/options'

/** Options of both kinds of script; plain data. */
export interface ScriptSettings {
  /** Indents results with tabs (mi_script `pretty_printing`). @default false */
  readonly prettyPrinting?: boolean | undefined
  /**
   * Which commands are traced: `b: ps, which` all but these, `w: ps` only these (mi_script `trace_bwlist`). The commands must be
   * registered before the script is made. @default all
   */
  readonly traceBwlist?: string | undefined
  /** Traces asynchronous calls too; OpenSIPS cannot trace them. @default false */
  readonly traceAsync?: boolean | undefined
  /** Sender of what the script works on, such as a SIP message; traces and handlers see it. @default none */
  readonly source?: IpEndpoint | undefined
  /** Where it was received. @default none */
  readonly destination?: IpEndpoint | undefined
}

/** Options of `createScript`. */
export interface ScriptOptions extends ScriptSettings {
  /** Sees calls and their replies, under the backend `script` (mi_script `trace_destination`). @default none */
  readonly tracer?: MiTracer | undefined
}

/** Options of `createBlockingScript`. */
export interface BlockingScriptOptions extends ScriptSettings {
  /**
   * URL of a file that exports the engine, not listening yet: `export const mi = createMi({ modules: [...] })`. The worker thread
   * imports it and serves its transports, if it has any. The file may also export a `tracer`, which sees the calls of the script.
   */
  readonly engine: URL | string
  /** How long a blocking call waits for its reply, in milliseconds; then it returns -3. @default 30000 */
  readonly timeoutMs?: number | undefined
  /** How long the engine may take to listen, in milliseconds. @default 60000 */
  readonly startTimeoutMs?: number | undefined
  /** How long `close` waits for the engine to close before it ends the thread, in milliseconds. @default 10000 */
  readonly closeTimeoutMs?: number | undefined
  /**
   * A thread that has taken no call for this long, in milliseconds, is replaced when a call times out; 0 means never.
   * @default 60000
   */
  readonly hangTimeoutMs?: number | undefined
  /** Where threads that end by themselves are logged. The engine in the thread has its own logger. @default silence */
  readonly log?: MiLogger | undefined
}

/** Options of `createBlockingScript` with every default filled in. */
export interface ResolvedBlockingOptions {
  readonly engine: string
  readonly settings: ScriptSettings
  readonly timeoutMs: number
  readonly startTimeoutMs: number
  readonly closeTimeoutMs: number
  readonly hangTimeoutMs: number
  readonly log: MiLogger
}

const SETTING_NAMES: OptionNames<ScriptSettings> = {
  prettyPrinting: true,
  traceBwlist: true,
  traceAsync: true,
  source: true,
  destination: true,
}

export const SCRIPT_NAMES: OptionNames<ScriptOptions> = { ...SETTING_NAMES, tracer: true }

export const BLOCKING_NAMES: OptionNames<BlockingScriptOptions> = {
  engine: true,
  ...SETTING_NAMES,
  timeoutMs: true,
  startTimeoutMs: true,
  closeTimeoutMs: true,
  hangTimeoutMs: true,
  log: true,
}

const scriptChecks = new OptionChecks('createScript()')
const blockingChecks = new OptionChecks('createBlockingScript()')

/** @throws TypeError for an unknown option */
export function checkScriptOptions(options: ScriptOptions): ScriptOptions {
  return scriptChecks.known(options, SCRIPT_NAMES)
}

/**
 * @throws TypeError for an unknown option, or an `engine` that is not a URL
 * @throws RangeError for a time that is not a number in its range
 */
export function resolveBlockingOptions(options: BlockingScriptOptions): ResolvedBlockingOptions {
  const { prettyPrinting, traceBwlist, traceAsync, source, destination } = blockingChecks.known(options, BLOCKING_NAMES)
  return {
    engine: engineUrl(options.engine),
    settings: { prettyPrinting, traceBwlist, traceAsync, source, destination },
    timeoutMs: blockingChecks.timerMs('timeoutMs', options.timeoutMs ?? 30_000, 1),
    startTimeoutMs: blockingChecks.timerMs('startTimeoutMs', options.startTimeoutMs ?? 60_000, 1),
    closeTimeoutMs: blockingChecks.timerMs('closeTimeoutMs', options.closeTimeoutMs ?? 10_000, 0),
    hangTimeoutMs: blockingChecks.timerMs('hangTimeoutMs', options.hangTimeoutMs ?? 60_000, 0),
    log: guardedLog(options.log ?? silence),
  }
}

function engineUrl(engine: URL | string): string {
  if (URL.canParse(String(engine))) return String(engine)
  throw new TypeError(
    `createBlockingScript(): engine must be the URL of a file, such as new URL('./engine.js', import.meta.url), not '${engine}'`,
  )
}
