import {
  CommandError,
  type Outcome as CommandOutcome,
  ErrorCode,
  type JsonRpcError,
  MiError,
  type MiErrorCode,
} from '@mi/contract'

/** The codes of `mi()` that are no codes of commands. */
export const ReturnCode = { success: 1, noSuchCommand: -1, badParams: -2, noResponse: -3 } as const

/** How a call ended. Plain data, which may come from another thread. */
export type Outcome = Success | Failure

/** The JSON text of the command's result. */
export interface Success {
  readonly rc: 1
  readonly result: string
  readonly failed: undefined
}

/** A negative code, and what `mi()` leaves in the return variable. */
export interface Failure {
  readonly rc: number
  readonly result: undefined
  readonly failed: { readonly local: MiErrorCode | undefined; readonly error: JsonRpcError }
}

/** What a command or the engine answered. */
export function answered({ value, error }: CommandOutcome): Outcome {
  if (error === undefined) return { rc: ReturnCode.success, result: JSON.stringify(value), failed: undefined }
  return failure(returnCode(error.code), error)
}

/** There is no such command. */
export const noSuchCommand: Failure = failure(ReturnCode.noSuchCommand, {
  code: ErrorCode.MethodNotFound,
  message: 'Method not found',
})

/** Whether there is no such command. A command that answers an error of code 1 or -1 returns the same number. */
export function isNoSuchCommand({ rc, failed }: Failure): boolean {
  return rc === ReturnCode.noSuchCommand && failed.error.code === ErrorCode.MethodNotFound
}

/** @param problem what is wrong with the parameters */
export function badParams(problem: string): Failure {
  const error = { code: ErrorCode.InvalidParams, message: 'could not parse script params!', data: problem }
  return failure(ReturnCode.badParams, error)
}

/** No answer came, for a reason that lies on this side. */
export function noResponse(local: MiErrorCode, message: string): Failure {
  return failure(ReturnCode.noResponse, { code: ErrorCode.ServerError, message }, local)
}

/** An outcome's error as it is thrown elsewhere. */
export function errorOf({ failed: { local, error } }: Failure): CommandError | MiError {
  if (local !== undefined) return new MiError(local, error.message)
  return new CommandError(error.code, error.message, error.data)
}

/** Codes above 0 with a minus before them; 0, which would be no error, as a `Server error`. */
function returnCode(code: number): number {
  if (code === 0) return ErrorCode.ServerError
  return code > 0 ? -code : code
}

function failure(rc: number, error: JsonRpcError, local?: MiErrorCode): Failure {
  return { rc, result: undefined, failed: { local, error } }
}
