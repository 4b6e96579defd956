import type { Caller, CommandContract, Execute, MiLogger } from '@mi/contract'
import type { EngineDispatcher } from './dispatch.js'
import type { Registry } from './registry.js'

/** Calls for a part of the same process. */
export class EngineCaller implements Caller {
  readonly log: MiLogger
  readonly execute: Execute

  constructor(
    private readonly dispatcher: EngineDispatcher,
    private readonly registry: Registry,
  ) {
    this.log = dispatcher.log
    this.execute = dispatcher.execute
  }

  readonly find = (method: string): CommandContract | undefined => {
    const resolution = this.registry.resolve(method)
    return 'contract' in resolution ? resolution.contract : undefined
  }

  readonly drop = (reason: string, fields?: Readonly<Record<string, unknown>> | undefined, count?: number): void => {
    this.dispatcher.drop(reason, fields, count)
  }
}
