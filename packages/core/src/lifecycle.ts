import type { MiLogger } from '@mi/contract'

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
