import type { MiLogger, MiTracer } from '@mi/contract'

/** Something that was started, and how it is stopped. */
export interface Started {
  readonly kind: 'module' | 'tracer' | 'transport'
  readonly name: string
  close(): void | Promise<void>
}

/** What `listen` has started and `close` must undo, in order. */
export class Lifecycle {
  private started: Started[] = []

  constructor(private readonly log: MiLogger) {}

  add(started: Started): void {
    this.started.push(started)
  }

  /**
   * Transports first and all at once, since each waits for its own answers; then tracers and modules, last one first. What
   * fails to close is logged and holds up nothing.
   * @param afterTransports runs when the transports have closed
   */
  async stopAll(afterTransports: () => Promise<void>): Promise<void> {
    const started = this.started.reverse()
    this.started = []
    await Promise.all(started.filter(({ kind }) => kind === 'transport').map((each) => this.stop(each)))
    await afterTransports()
    for (const each of started) if (each.kind !== 'transport') await this.stop(each)
  }

  private async stop({ kind, name, close }: Started): Promise<void> {
    try {
      await close()
    } catch (error) {
      this.log.error({ err: error }, `${kind} ${name} failed to close`)
    }
  }
}

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
      // Reported by what started it.
      () => false,
    )
    if (listens) await tracer.close?.()
  }
}

/** A tracer may throw at once. */
async function listen(tracer: MiTracer): Promise<void> {
  await tracer.listen?.()
}
