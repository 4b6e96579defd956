import { type CommandContract, type CommandDefinition, type ModuleContract, moduleInfo } from '@mi/contract'

/** Definitions of commands, with the results of those that a contract has too. */
export type WithResults<D, C> = {
  readonly [N in keyof D]: N extends keyof C ? D[N] & Answers<C[N]> : D[N]
}

type Answers<C> = C extends CommandContract ? { readonly result: C['result']; readonly idempotent: boolean } : unknown

/**
 * Completes definitions of commands with what they answer: the commands that the engine of this project has too are
 * described once, in the contracts of `@mi/contract`. Of other commands no result is known for certain.
 */
export function withResults<
  const D extends Readonly<Record<string, CommandDefinition>>,
  const C extends ModuleContract,
>(contract: C, definitions: D): WithResults<D, C> {
  const { commands } = contract[moduleInfo]
  const entries = Object.entries(definitions).map(([name, definition]) => {
    const known = commands.find((command) => command.name === name)
    return [
      name,
      known === undefined ? definition : { ...definition, result: known.result, idempotent: known.idempotent },
    ]
  })
  return asWithResults<D, C>(Object.fromEntries(entries))
}

/** True by construction: `withResults` has added the results of each command that both have. */
function asWithResults<D, C>(definitions: object): WithResults<D, C> {
  return definitions as WithResults<D, C>
}
