import type { MiTracer } from '@mi/contract'
import type { Lifecycle } from './lifecycle.js'

/** The tracers of an engine. One that several transports and callers share listens once, and closes with the engine. */
export class Tracers {
  private readonly started = new Map<MiTracer, Promise<void>>()
  /** Of callers, which may be there before the engine listens, and stay when it could not. */
  private readonly attached = new Set<MiTracer>()

  constructor(private readonly lifecycle: Lifecycle) {}

  /** For the next `startAttached`. */
  attach(tracer: MiTracer): void {
    this.attached.add(tracer)
  }

  /** @throws what a tracer throws that cannot listen */
  async startAttached(): Promise<void> {
    for (const tracer of this.attached) await this.start(tracer)
  }

  /** @throws what the tracer throws when it cannot listen */
  start(tracer: MiTracer): Promise<void> {
    const started = this.started.get(tracer)
    if (started !== undefined) return started
    const listening = listen(tracer)
    this.started.set(tracer, listening)
    // Before it listens: the engine may close meanwhile.
    this.lifecycle.add({ kind: 'tracer', name: 'of a transport or script', close: () => this.stop(tracer, listening) })
    return listening
  }

  private async stop(tracer: MiTracer, listening: Promise<void>): Promise<void> {
    this.started.delete(tracer)
    const listens = await listening.then(
      () => true,
      // Told to whoever started it.
      () => false,
    )
    if (listens) await tracer.close?.()
  }
}

/** A tracer may throw at once. */
async function listen(tracer: MiTracer): Promise<void> {
  await tracer.listen?.()
}
