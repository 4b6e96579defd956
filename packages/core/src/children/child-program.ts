import { MiEngine } from '../mi-engine.js'
import { LARGEST_TIMER_MS, resolveOptions } from '../options.js'
import { Validation } from '../validation.js'
import { loadModules, loadTransport } from './load.js'
import { MainLink } from './main-link.js'
import { type Configuration, type FromChild, type ToChild, toChild } from './messages.js'
import { Outbox } from './outbox.js'
import { parserOf } from './parse.js'
import { portableError } from './portable-error.js'
import { RelayLog } from './relay-log.js'

/** More than the main process gives a child to end: this is for one whose main process is gone. */
const CLOSE_SLACK_MS = 2_000

/** A child process: from its configuration, which the main process sends first, to its end. */
export class ChildProgram {
  private readonly outbox: Outbox<FromChild>
  private readonly log: RelayLog
  private readonly parse = parserOf(new Validation(), 'the main process', toChild)
  private link: MainLink | undefined
  private engine: MiEngine | undefined
  private closeTimeoutMs = 0
  /** The level that the main process set before the engine was there to take it. */
  private level: number | undefined
  private configured = false
  private ending = false

  /** @throws TypeError when the process has no channel to a main process */
  constructor(private readonly process: NodeJS.Process) {
    const send = process.send?.bind(process)
    if (send === undefined) throw new TypeError('this program is for @mi/core to start child processes with')
    this.outbox = new Outbox({ send: (message, sent) => send(message, undefined, undefined, sent) })
    this.log = new RelayLog(this.outbox)
  }

  run(): void {
    const { process } = this
    // Ctrl-C and the end of a terminal reach the main process too, and what follows is for that to say.
    process.on('SIGINT', () => {})
    process.on('SIGHUP', () => {})
    process.on('SIGTERM', () => this.end())
    process.on('disconnect', () => this.end())
    process.on('message', (message) => this.receive(message))
  }

  private receive(received: unknown): void {
    const parsed = this.parse(received)
    if ('value' in parsed) this.take(parsed.value)
    else this.malformed(parsed.problem)
  }

  private malformed(problem: string): void {
    this.log.warn({ problem }, 'ignored a message of the main process that is none of MI')
    // Waited for any longer, the configuration would not come.
    if (!this.configured) this.fail(new TypeError(`the main process sent no configuration: ${problem}`))
  }

  private take(message: ToChild): void {
    switch (message.type) {
      case 'configure':
        void this.start(message.configuration)
        break
      case 'level':
        this.level = message.level
        this.link?.setOwnLevel(message.level)
        break
      case 'read':
        this.link?.tellNumbers(message.id)
        break
      case 'reset':
        this.link?.resetOwn(message.id, message.names)
        break
      case 'answer':
        this.link?.answered(message.id, message.value)
        break
      case 'failed':
        this.link?.failed(message.id, message.error)
        break
      case 'close':
        this.end()
        break
    }
  }

  private async start(configuration: Configuration): Promise<void> {
    this.configured = true
    this.closeTimeoutMs = configuration.limits.closeTimeoutMs
    this.level ??= configuration.level
    try {
      const modules = await loadModules(configuration.modules)
      const transport = await loadTransport(configuration)
      const { server, limits, checkResults, allowKill, group, startedAt, args } = configuration
      const options = { modules, transports: [transport], log: this.log, server, limits, checkResults, allowKill }
      const engine = new MiEngine(resolveOptions(options), {
        startedAt: new Date(startedAt),
        args,
        transportGroup: group,
        join: (own) => {
          this.link = new MainLink(this.outbox, own)
          return this.link
        },
      })
      this.engine = engine
      this.link?.setOwnLevel(this.level)
      // Told to end while it was loading.
      if (this.ending) return
      await engine.listen()
      this.link?.begin()
    } catch (error) {
      // Told to end while it began to listen: that is why it could not.
      if (!this.ending) this.fail(error)
    }
  }

  private fail(error: unknown): void {
    this.ending = true
    this.outbox.insist({ type: 'failed', error: portableError(error) }, () => this.process.exit(1))
  }

  /** Gracefully, whoever asks for it. */
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
