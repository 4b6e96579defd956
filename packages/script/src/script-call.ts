import { CommandError, ErrorCode, type JsonRpcError, type JsonRpcParams, MiError, type MiErrorCode } from '@mi/contract'

// A call and what it has come to. Plain data, which may go to another thread.

/** A call as the engine takes it. */
export interface ScriptRequest {
  readonly method: string
  /** Whether the caller wants the result itself, not its JSON text. */
  readonly typed: boolean
  readonly params: JsonRpcParams | undefined
  /** Why the parameters could not be built; they are undefined then. */
  readonly problem: string | undefined
  /** What is odd about the call, which runs all the same. */
  readonly warning: string | undefined
}

/** Return codes of `mi()` that are not codes of commands. */
export const ReturnCode = { success: 1, noSuchCommand: -1, badParams: -2, noResponse: -3 } as const

/** What a call has come to. */
export type CallResult = CallSuccess | CallFailure

export interface CallSuccess {
  readonly rc: 1
  /** JSON text of the command's result; undefined for a typed call. */
  readonly text: string | undefined
  /** The result itself, a copy, for a typed call; undefined for others. */
  readonly value: unknown
  readonly error?: undefined
}

export interface CallFailure {
  /** Negative. */
  readonly rc: number
  readonly error: JsonRpcError
  /** For an error of this side, its code as a `MiError`. */
  readonly local: MiErrorCode | undefined
}

/** The command, or the engine in its place, replied with an error. */
export function refused({ code, message, data }: JsonRpcError): CallFailure {
  // A copy: the data may belong to the module.
  return failure(returnCode(code), { code, message, data: structuredClone(data) })
}

export const noSuchCommand: CallFailure = failure(ReturnCode.noSuchCommand, {
  code: ErrorCode.MethodNotFound,
  message: 'Method not found',
})

/** Whether there is no such command. A command that replies with error code 1 or -1 gives the same return code. */
export function isNoSuchCommand({ rc, error }: CallFailure): boolean {
  return rc === ReturnCode.noSuchCommand && error.code === ErrorCode.MethodNotFound
}

/** @param problem what is wrong with the parameters */
export function badParams(problem: string): CallFailure {
  const error = { code: ErrorCode.InvalidParams, message: 'could not parse script params!', data: problem }
  return failure(ReturnCode.badParams, error)
}

/** There was no reply, for a reason on this side. */
export function noResponse(local: MiErrorCode, message: string): CallFailure {
  return failure(ReturnCode.noResponse, { code: ErrorCode.ServerError, message }, local)
}

/** The error that a typed call returns. */
export function errorOf({ local, error }: CallFailure): CommandError | MiError {
  if (local !== undefined) return new MiError(local, error.message)
  return new CommandError(error.code, error.message, error.data)
}

/** Codes above 0 become negative. 0 would not be an error: it becomes -32000. */
function returnCode(code: number): number {
  if (code === 0) return ErrorCode.ServerError
  return code > 0 ? -code : code
}

function failure(rc: number, error: JsonRpcError, local?: MiErrorCode): CallFailure {
  return { rc, error, local }
}
