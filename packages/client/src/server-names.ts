import { type CommandContract, ErrorCode, isCommandError } from '@mi/contract'
import type { CallLimits } from './calls.js'

/** The names of a command. */
export type NamedCommand = Pick<CommandContract, 'method' | 'name' | 'aliases'>

/** The least time between two look-ups, in milliseconds: whoever calls what the server lacks must not double the load. */
const lookUpPauseMs = 1000

/**
 * Which of its names the server knows a command by. OpenSIPS 4.0 and servers of this project know the canonical one;
 * those before know the aliases alone, or the bare name of a command that has none.
 *
 * The canonical name is taken until a server refuses it; only then the list of commands is asked for, once for all who
 * wait. A call that is refused by name has not run, so that it may be sent again under another one.
 */
export class ServerNames {
  /** What the server has; undefined while its canonical names do. */
  private known: ReadonlySet<string> | undefined
  private chosen = new WeakMap<NamedCommand, string>()
  private hasCanonicalNames = false
  private lookingUp: Promise<void> | undefined
  private lookedUpAt = Number.NEGATIVE_INFINITY

  /** @param list asks the server for its commands; no look-up of before */
  constructor(private readonly list: () => Promise<readonly string[]>) {}

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

  /** The server has answered to a name, whatever it answered. */
  understood(command: NamedCommand, name: string): void {
    if (name === command.method) this.hasCanonicalNames = true
  }

  /**
   * The name for a request that nobody will refuse: it must be right at once.
   * @throws MiError when the server cannot be asked
   */
  async rightNameOf(command: NamedCommand, wait: Wait): Promise<string> {
    if (this.known === undefined && !this.hasCanonicalNames) {
      await wait(this.lookUp()).catch((error: unknown) => {
        // A server without `which` is none of OpenSIPS.
        if (!isCommandError(error)) throw error
      })
    }
    return this.nameOf(command)
  }

  /**
   * Another name for a call that the server has refused under this one.
   * @returns undefined when there is none, or the server cannot be asked
   */
  async otherNameOf(command: NamedCommand, refused: string, wait: Wait): Promise<string | undefined> {
    const name = this.nameOf(command)
    // Others have looked it up meanwhile.
    if (name !== refused) return name
    const isRecent = performance.now() - this.lookedUpAt < lookUpPauseMs
    if (this.lookingUp === undefined && isRecent) return undefined
    let failure: unknown
    const lookUp = this.lookUp().catch((error: unknown) => {
      failure = error
    })
    await wait(lookUp)
    // What the server refused is the better answer then.
    if (failure !== undefined) return undefined
    const other = this.nameOf(command)
    return other === refused ? undefined : other
  }

  /** The server may be another one now. */
  forget(): void {
    this.known = undefined
    this.hasCanonicalNames = false
    this.lookedUpAt = Number.NEGATIVE_INFINITY
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
    // Those who wait for it are told; they may all have given up by then.
    this.lookingUp.catch(() => undefined)
    return this.lookingUp
  }
}

/** Waits for a look-up within the limits of one caller. */
export type Wait = (lookUp: Promise<void>) => Promise<void>

/** Whether a server has refused a call for its name alone, without running anything. */
export function refusesName(error: unknown): boolean {
  return isCommandError(error, ErrorCode.MethodNotFound) || isCommandError(error, ErrorCode.MethodAmbiguous)
}

/**
 * What is left of the time of a call.
 * @param since when it began, by the clock of `performance`
 */
export function remaining({ signal, timeoutMs }: CallLimits, since: number): CallLimits {
  if (timeoutMs === 0) return { signal, timeoutMs }
  return { signal, timeoutMs: Math.max(1, Math.ceil(timeoutMs - (performance.now() - since))) }
}

function choose({ method, name, aliases }: NamedCommand, known: ReadonlySet<string>): string {
  if (known.has(method)) return method
  // A bare name only where there is no alias: `reload_routes` of OpenSIPS 3.5 is not `carrierroute:reload_routes`.
  const others = aliases.length > 0 ? aliases : [name]
  return others.find((other) => known.has(other)) ?? method
}
