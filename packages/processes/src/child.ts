import { createMi, type Mi } from '@mi/core'
import { LARGEST_TIMER_MS } from '@mi/internal/options'
import { type Configuration, type FromChild, opened, portableError, Sender, type ToChild } from './channel.js'
import { loadModule, loadTransport } from './child-module.js'
import { MainLink } from './main-link.js'
import { RelayLog } from './relay-log.js'

/** More than the main process gives a child to end: this is for one whose main process is gone. */
const CLOSE_SLACK_MS = 2_000

/** A child process: from its configuration, which the main process sends first, to its end. */
class ChildProgram {
  private readonly sender: Sender<FromChild>
  private readonly log: RelayLog
  private link: MainLink | undefined
  private engine: Mi | undefined
  private closeTimeoutMs = 0
  /** The level that the main process set before the engine was there to take it. */
  private level: number | undefined
  private ending = false

  /** @throws TypeError when the process has no channel to a main process */
  constructor(private readonly process: NodeJS.Process) {
    const send = process.send?.bind(process)
    if (send === undefined)
      throw new TypeError('this program is started by cluster() of @mi/processes, as a child process')
    this.sender = new Sender({ send: (message, sent) => send(message, undefined, undefined, sent) })
    this.log = new RelayLog(this.sender)
  }

  run(): void {
    const { process } = this
    // Ctrl-C and the end of a terminal reach the main process too, which decides what follows.
    process.on('SIGINT', () => {})
    process.on('SIGHUP', () => {})
    process.on('SIGTERM', () => this.end())
    process.on('disconnect', () => this.end())
    process.on('message', (received) => this.receive(received))
  }

  private receive(received: unknown): void {
    const message = opened<ToChild>(received)
    switch (message?.type) {
      case undefined:
        this.log.warn({}, 'ignored a message of the main process that is not one of MI')
        break
      case 'configure':
        void this.start(message.configuration)
        break
      case 'level':
        this.level = message.level
        this.link?.setOwnLevel(message.level)
        break
      case 'read':
        this.link?.sendNumbers(message.id)
        break
      case 'reset':
        this.link?.resetOwn(message.id, message.names)
        break
      case 'reply':
        this.link?.replied(message.id, message.value)
        break
      case 'refused':
        this.link?.refused(message.id, message.error)
        break
      case 'close':
        this.end()
        break
    }
  }

  private async start(configuration: Configuration): Promise<void> {
    const { group, startedAt, args } = configuration
    const { needs, ...shared } = configuration.engine
    this.closeTimeoutMs = shared.limits.closeTimeoutMs
    this.level ??= configuration.level
    try {
      const own = await loadModule(configuration.modules, needs)
      const transport = await loadTransport(configuration)
      const engine = createMi({
        ...shared,
        ...own,
        transports: [transport],
        log: this.log,
        processes: {
          inherited: { startedAt, args, transportGroup: group },
          connect: (process) => {
            this.link = new MainLink(this.sender, process)
            return this.link
          },
        },
      })
      this.engine = engine
      this.link?.setOwnLevel(this.level)
      // Asked to end while it was loading.
      if (this.ending) return
      await engine.listen()
      this.link?.begin()
    } catch (error) {
      // Asked to end while it began to listen: that is why it could not.
      if (!this.ending) this.fail(error)
    }
  }

  private fail(error: unknown): void {
    this.ending = true
    this.sender.insist({ type: 'failed', error: portableError(error) }, () => this.process.exit(1))
  }

  /** Ends gracefully. */
  private end(): void {
    if (this.ending) return
    this.ending = true
    setTimeout(() => this.process.exit(1), Math.min(this.closeTimeoutMs + CLOSE_SLACK_MS, LARGEST_TIMER_MS))
    void this.close()
  }

  private async close(): Promise<void> {
    // Failures to close are logged by the engine.
    await this.engine?.close()
    const exit = (): void => this.process.exit(0)
    if (this.link === undefined || !this.process.connected) return exit()
    this.link.end(exit)
  }
}

new ChildProgram(process).run()
