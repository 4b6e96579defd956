import { type BlockingScriptOptions, resolveBlockingOptions } from './blocking-options.js'
import { HostScript } from './host-script.js'
import type { Script } from './script.js'
import { Supervisor } from './worker/supervisor.js'

/** A script whose synchronous calls wait for every command, however it answers. */
export interface BlockingScript extends Script, AsyncDisposable {
  /**
   * Starts the worker thread; resolves when its engine listens. Until then calls return -3. A thread that ends later is replaced.
   * @throws MiError `MI_LISTEN` with what kept the engine from it; the thread is gone again then, and `listen` may be called again
   * @throws MiError `MI_CLOSED` after `close`
   * @throws `signal.reason` when the signal fires
   */
  listen(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * Closes the engine as its own `close` does, and ends the thread; after `closeTimeoutMs` in any case. Calls return -3 from then
   * on. May be called again, and before `listen`.
   */
  close(): Promise<void>
}

/**
 * A script whose engine runs in a worker thread of its own. A synchronous call blocks this thread until the answer is there,
 * while timers and promises of the worker go on; an asynchronous one blocks nobody. Nothing is started before `listen`.
 * @throws TypeError, RangeError for options that are wrong
 */
export function createBlockingScript(options: BlockingScriptOptions): BlockingScript {
  return new SupervisedScript(new Supervisor(resolveBlockingOptions(options)))
}

class SupervisedScript extends HostScript implements BlockingScript {
  constructor(private readonly supervisor: Supervisor) {
    super(supervisor)
  }

  listen({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.supervisor.listen(signal)
  }

  close(): Promise<void> {
    return this.supervisor.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
