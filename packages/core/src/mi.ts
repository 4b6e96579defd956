import type { DispatchOptions, MiHost, MiModule, MiPeer } from '@mi/contract'
import { MiEngine } from './mi-engine.js'
import { type MiOptions, resolveOptions } from './options.js'

/**
 * A Management Interface: commands, and the transports that they are reached by. Parts of the same program call commands
 * through `attach`, as `createScript` of @mi/script does.
 */
export interface Mi extends MiHost, AsyncDisposable {
  /**
   * Initialises the modules and opens the transports, in order; resolves when all listen.
   * @param options.signal is looked at before each of them
   * @throws MiError `MI_LISTEN` naming the transport or module that could not; all others are closed again
   * @throws MiError `MI_CLOSED` after `close`, or when `close` is called meanwhile
   */
  listen(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * Takes no new requests, fires the signals of the commands in flight, waits for their answers (at most
   * `limits.closeTimeoutMs`; then they are answered -32000 `Server closed`), sends them, and removes all that `listen`
   * made. A `listen` or `register` that is under way rejects with `MI_CLOSED` before `close` resolves, unless an `init` or a
   * transport takes longer than `closeTimeoutMs`. May be called again, and before `listen`.
   */
  close(): Promise<void>
  /**
   * Adds a module, also while listening; its commands exist once its `init` is done.
   * @throws TypeError for a name or alias that another module has (the error names both), or what is no module
   * @throws MiError `MI_LISTEN` when its `init` fails; `MI_CLOSED` after `close`, or when `close` is called meanwhile
   */
  register(module: MiModule): Promise<void>
  /**
   * Runs a request or batch, as a transport does. Never throws and never rejects.
   * @param peer who asks @default `{ transport: 'local' }`
   * @returns the answer; null when there is none (notifications); a promise only when a command answers later
   */
  dispatch(text: string, peer?: MiPeer, options?: DispatchOptions | undefined): string | null | Promise<string | null>
  /**
   * The statistics that the selectors name (`group:name`, `name`, `group:`, `all`), under `group:name`. With child processes
   * they are sums: of the numbers of this process, and of those that the children told last, which they do at most once a
   * second. The command `get_statistics` asks them.
   */
  statistics(...selectors: string[]): Record<string, number>
}

/**
 * Composes a Management Interface from modules and transports. Nothing is opened before `listen`.
 * @throws TypeError, RangeError for options that are wrong, and modules that clash
 */
export function createMi(options: MiOptions = {}): Mi {
  return new MiEngine(resolveOptions(options))
}
