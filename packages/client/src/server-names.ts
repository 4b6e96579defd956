import { type CommandContract, ErrorCode, isCommandError } from '@mi/contract'
import { type Limits, type Requests, remaining } from './requests.js'

/** The names of a command. */
export type NamedCommand = Pick<CommandContract, 'method' | 'name' | 'aliases'>

/** The least time between two look-ups, in milliseconds: calls of what the server lacks must not double its load. */
const LOOK_UP_PAUSE_MS = 1000

/**
 * Calls by contract, under the name that the server knows. OpenSIPS 4.0 and servers of this project know the canonical one;
 * those before know the aliases alone, or the bare name of a command that has none.
 *
 * The canonical name is used until a server refuses it; only then the list of commands is asked for, once for all who
 * wait. A call that is refused by name has not run, so it may be sent again under another one.
 */
export class ServerNames {
  /** What the server has; undefined while its canonical names do. */
  private known: ReadonlySet<string> | undefined
  private chosen = new WeakMap<NamedCommand, string>()
  private hasCanonicalNames = false
  private lookingUp: Promise<void> | undefined
  private lookedUpAt = Number.NEGATIVE_INFINITY

  /** @param list asks the server for its commands, whatever was known before */
  constructor(
    private readonly requests: Pick<Requests, 'wait'>,
    private readonly list: () => Promise<readonly string[]>,
  ) {}

  /** Calls a command by `send`, and once more under another name where the server refuses the first. */
  async call<T>(command: NamedCommand, limits: Limits, send: (name: string, limits: Limits) => Promise<T>): Promise<T> {
    const name = this.nameOf(command)
    const since = performance.now()
    try {
      const result = await send(name, limits)
      this.understood(command, name)
      return result
    } catch (error) {
      if (!refusesName(error)) {
        if (isCommandError(error)) this.understood(command, name)
        throw error
      }
      const other = await this.otherNameOf(command, name, remaining(limits, since))
      if (other === undefined) throw error
      return send(other, remaining(limits, since))
    }
  }

  /** The name that is known, or else supposed, to be right. */
  nameOf(command: NamedCommand): string {
    if (this.known === undefined) return command.method
    let name = this.chosen.get(command)
    if (name === undefined) {
      name = choose(command, this.known)
      this.chosen.set(command, name)
    }
    return name
  }

  /**
   * The name for a request that nobody will refuse: it must be right at once.
   * @throws MiError when the server cannot be asked
   */
  async rightNameOf(command: NamedCommand, limits: Limits): Promise<string> {
    if (this.known === undefined && !this.hasCanonicalNames) {
      await this.wait(command, this.lookUp(), limits).catch((error: unknown) => {
        // A server without `which` is not OpenSIPS.
        if (!isCommandError(error)) throw error
      })
    }
    return this.nameOf(command)
  }

  /** The server may be another one now. */
  forget(): void {
    this.known = undefined
    this.hasCanonicalNames = false
    this.lookedUpAt = Number.NEGATIVE_INFINITY
  }

  /** The server has replied to a name, whatever the reply. */
  private understood(command: NamedCommand, name: string): void {
    if (name === command.method) this.hasCanonicalNames = true
  }

  /**
   * Another name for a call that the server has refused under this one.
   * @returns undefined when there is none, or the server cannot be asked
   */
  private async otherNameOf(command: NamedCommand, refused: string, limits: Limits): Promise<string | undefined> {
    const name = this.nameOf(command)
    // Others have looked it up meanwhile.
    if (name !== refused) return name
    const isRecent = performance.now() - this.lookedUpAt < LOOK_UP_PAUSE_MS
    if (this.lookingUp === undefined && isRecent) return undefined
    let failure: unknown
    const lookUp = this.lookUp().catch((error: unknown) => {
      failure = error
    })
    await this.wait(command, lookUp, limits)
    // The server's refusal says more than the failed look-up.
    if (failure !== undefined) return undefined
    const other = this.nameOf(command)
    return other === refused ? undefined : other
  }

  private wait({ method }: NamedCommand, lookUp: Promise<void>, limits: Limits): Promise<void> {
    return this.requests.wait(`the look-up of the name of '${method}'`, lookUp, limits)
  }

  private lookUp(): Promise<void> {
    if (this.lookingUp !== undefined) return this.lookingUp
    this.lookingUp = this.list()
      .then((names) => {
        this.known = new Set(names)
        this.chosen = new WeakMap()
      })
      .finally(() => {
        this.lookedUpAt = performance.now()
        this.lookingUp = undefined
      })
    // Those who wait for it see the failure; by then all may have given up.
    this.lookingUp.catch(() => undefined)
    return this.lookingUp
  }
}

/** Whether a server has refused a call for its name alone, without running anything. */
function refusesName(error: unknown): boolean {
  return isCommandError(error, ErrorCode.MethodNotFound) || isCommandError(error, ErrorCode.MethodAmbiguous)
}

function choose({ method, name, aliases }: NamedCommand, known: ReadonlySet<string>): string {
  if (known.has(method)) return method
  // A bare name only where there is no alias: `reload_routes` of OpenSIPS 3.5 is not `carrierroute:reload_routes`.
  const others = aliases.length > 0 ? aliases : [name]
  return others.find((other) => known.has(other)) ?? method
}
