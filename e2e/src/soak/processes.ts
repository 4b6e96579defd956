import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** How long a process may take to begin, to report or to end, in milliseconds. */
const LIMIT_MS = 60_000

/** A program of this folder as a process, which talks over its channel. */
export class Program {
  /** Messages that nobody has taken yet. */
  private readonly messages: unknown[] = []
  private wake = (): void => {}

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (message) => {
      this.messages.push(message)
      this.wake()
    })
    child.on('exit', () => this.wake())
  }

  /** Starts a program and waits for its first message. */
  static async start(name: string, args: readonly string[], execArgv: readonly string[] = []): Promise<Program> {
    const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), [...args], {
      execArgv: [...execArgv],
      // As it is deployed: elsewhere the engine also checks every result against its contract.
      env: { ...process.env, NODE_ENV: 'production' },
    })
    const program = new Program(`${name} ${args.join(' ')}`.slice(0, 60), child)
    await program.nextMessage()
    return program
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  tell(message: string): void {
    if (!this.hasExited) this.child.send(message)
  }

  /** Sends a message and waits for the answer. One at a time. */
  async ask<T>(message: string): Promise<T> {
    this.tell(message)
    return (await this.nextMessage()) as T
  }

  /** @throws Error when the process ends or says nothing */
  async nextMessage(): Promise<unknown> {
    const deadline = performance.now() + LIMIT_MS
    while (this.messages.length === 0) {
      const ms = deadline - performance.now()
      if (this.hasExited) throw new Error(`${this.name} ended with ${this.child.exitCode ?? this.child.signalCode}`)
      if (ms <= 0) throw new Error(`${this.name} said nothing within ${LIMIT_MS} ms`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.messages.shift()
  }

  /** Ends the process. @returns its exit status; the name of the signal where one ended it */
  async end(signal: NodeJS.Signals): Promise<number | string | null> {
    if (!this.hasExited) {
      const exited = once(this.child, 'exit', { signal: AbortSignal.timeout(LIMIT_MS) })
      this.child.kill(signal)
      await exited
    }
    return this.child.exitCode ?? this.child.signalCode
  }
}
