import type { CommandContract } from './command.js'
import type { CommandError } from './errors.js'
import type { CommandContext } from './implement.js'
import type { JsonRpcParams } from './json-rpc.js'
import type { MiPeer } from './peer.js'

/**
 * Decides whether a peer may run a command. Asked for each request, each entry of a batch, and each call from within the
 * program, after the name is resolved and before the parameters are looked at. One that throws refuses the command.
 * @param params as they arrived, not checked
 * @returns undefined for yes, else the error that the peer gets, usually -32003 `Forbidden`
 */
export type AccessCheck = (
  command: CommandContract,
  peer: MiPeer,
  params: JsonRpcParams | undefined,
) => CommandError | undefined

/**
 * Wraps the handlers of all commands. Runs after the access check, with parameters that the contract let through.
 * @param next runs the next interceptor, in the end the handler; may be called once, or not at all
 * @returns the result of the command, or a promise of it: that of `next()`, or another one
 */
export type Interceptor = (
  command: CommandContract,
  params: unknown,
  context: CommandContext,
  next: () => unknown,
) => unknown
