import { isCommandError } from '@mi/contract'
import type { CallLimits, Calls } from './calls.js'
import { type NamedCommand, refusesName, remaining, type ServerNames, type Wait } from './server-names.js'

/** Requests by contract, under the names that the server knows. */
export class NamedCalls {
  constructor(
    private readonly calls: Calls,
    private readonly names: ServerNames,
  ) {}

  async call(
    command: NamedCommand,
    params: object | undefined,
    limits: CallLimits,
    onProvisional?: ((result: unknown) => void) | undefined,
  ): Promise<unknown> {
    const name = this.names.nameOf(command)
    const since = performance.now()
    try {
      const result = await this.calls.call(name, params, limits, onProvisional)
      this.names.understood(command, name)
      return result
    } catch (error) {
      if (!refusesName(error)) {
        if (isCommandError(error)) this.names.understood(command, name)
        throw error
      }
      const other = await this.names.otherNameOf(command, name, this.wait(command, remaining(limits, since)))
      if (other === undefined) throw error
      return this.calls.call(other, params, remaining(limits, since), onProvisional)
    }
  }

  async notify(command: NamedCommand, params: object | undefined, limits: CallLimits): Promise<void> {
    const since = performance.now()
    const name = await this.rightNameOf(command, limits)
    await this.calls.notify(name, params, remaining(limits, since))
  }

  /** The name that the server knows, looked up if need be. */
  rightNameOf(command: NamedCommand, limits: CallLimits): Promise<string> {
    return this.names.rightNameOf(command, this.wait(command, limits))
  }

  private wait({ method }: NamedCommand, limits: CallLimits): Wait {
    return (lookUp) => this.calls.wait(`the look-up of the name of '${method}'`, lookUp, limits)
  }
}
