import {
  type AccessCheck,
  type CommandContract,
  CommandError,
  ErrorCode,
  isCommandError,
  type JsonRpcParams,
  type MiPeer,
} from '@mi/contract'

/** What is answered in place of a cause that is not for the peer. */
export const COMMAND_FAILED = new CommandError(ErrorCode.ServerError, undefined, 'Command failed')

/**
 * Asks an access check. One that throws, or gives anything but nothing or a `CommandError`, refuses: it must not open what it
 * was to guard, and nothing of it goes to the peer.
 * @param failed called with what was wrong
 * @returns undefined for yes
 */
export function accessError(
  access: AccessCheck,
  contract: CommandContract,
  peer: MiPeer,
  params: JsonRpcParams | undefined,
  failed: (error: unknown) => void,
): CommandError | undefined {
  try {
    const answer: unknown = access(contract, peer, params)
    if (answer === undefined || isCommandError(answer)) return answer
    // Of an asynchronous check: its rejection would end the process.
    if (answer instanceof Promise) answer.catch(() => {})
    const given = answer instanceof Promise ? 'a promise: it must not be async' : String(answer)
    failed(new TypeError(`access must return undefined or a CommandError, not ${given}`))
  } catch (error) {
    failed(error)
  }
  return COMMAND_FAILED
}

/** Whether a peer is shown a command. A check that fails hides it; that is logged when the command is asked for. */
export function mayRun(
  access: AccessCheck | undefined,
  contract: CommandContract,
  peer: MiPeer,
  params: JsonRpcParams | undefined,
): boolean {
  return access === undefined || accessError(access, contract, peer, params, () => {}) === undefined
}
