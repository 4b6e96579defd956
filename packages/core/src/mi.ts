import type { CommandContract, DispatchOptions, Execute, MiEvents, MiHost, MiModule, MiPeer } from '@mi/contract'
import type { StatisticSample } from './statistics.js'

/** A Management Interface: commands, and the transports that reach them. All functions work when they are detached. */
export interface Mi extends MiHost, AsyncDisposable {
  /**
   * Initialises the modules and opens the transports, in order; resolves when all listen.
   * @param options.signal is looked at before each of them
   * @throws MiError `MI_LISTEN` naming the transport or module that could not; all others are closed again
   * @throws MiError `MI_CLOSED` after `close`, or when `close` is called meanwhile
   */
  readonly listen: (options?: { readonly signal?: AbortSignal | undefined }) => Promise<void>
  /**
   * Takes no new requests, fires the signals of the commands in flight, waits for their answers (at most
   * `limits.closeTimeoutMs`; then they are answered -32000 `Server closed`), sends them, and removes all that `listen`
   * made. A `listen` or `register` that is under way rejects with `MI_CLOSED` before `close` resolves, unless an `init` or a
   * transport takes longer than `closeTimeoutMs`. May be called again, and before `listen`.
   */
  readonly close: () => Promise<void>
  /**
   * Adds a module, also while listening; its commands exist once its `init` is done.
   * @throws TypeError for a name or alias that another module has (the error names both), or what is not a module
   * @throws MiError `MI_LISTEN` when its `init` fails; `MI_CLOSED` after `close`, or when `close` is called meanwhile
   */
  readonly register: (module: MiModule) => Promise<void>
  /**
   * Runs one command, with values in and a value out. Never throws and never rejects.
   * @returns `{ value }` or `{ error }`; a promise of it only when the command answers later
   */
  readonly execute: Execute
  /**
   * Runs a JSON-RPC request or batch, as a transport does. Never throws and never rejects.
   * @param peer who asks @default `{ transport: 'local' }`
   * @returns the reply; null when there is none (notifications); a promise only when a command answers later, or a batch
   * takes long
   */
  readonly dispatch: (
    text: string,
    peer?: MiPeer | undefined,
    options?: DispatchOptions | undefined,
  ) => string | null | Promise<string | null>
  /** The contracts of all commands, in the order of registration. */
  readonly contracts: () => readonly CommandContract[]
  readonly statistics: MiStatistics
  /** What the program raises, for transports and others that have subscribed. */
  readonly events: MiEvents
}

/** The numbers of an engine. With child processes they are sums: of this process, and of what the children sent last (each second). */
export interface MiStatistics {
  /** Those that the selectors name (`group:name`, `name`, `group:`, `all`), under `group:name`, as `get_statistics` shows them. */
  (...selectors: string[]): Record<string, number>
  /** All of them, with kind, help and labels, for exporters. */
  readonly samples: () => readonly StatisticSample[]
}
