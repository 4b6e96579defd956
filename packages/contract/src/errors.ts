/** Marks the errors of this package, also across two installed versions of it. */
const errorTag: unique symbol = Symbol.for('mi.error')

/** The error codes of JSON-RPC 2.0 section 5.1 and of OpenSIPS, by name. */
export const ErrorCode = Object.freeze({
  ParseError: -32700,
  InvalidRequest: -32600,
  MethodNotFound: -32601,
  InvalidParams: -32602,
  ServerError: -32000,
  /** OpenSIPS 4.0: a bare name that several modules share. */
  MethodAmbiguous: -32001,
  /** This peer may not run this command. */
  Forbidden: -32003,
} as const)

/** The message that goes with each named code. */
const standardMessages: Readonly<Record<number, string>> = {
  [ErrorCode.ParseError]: 'Parse error',
  [ErrorCode.InvalidRequest]: 'Invalid Request',
  [ErrorCode.MethodNotFound]: 'Method not found',
  [ErrorCode.InvalidParams]: 'Invalid params',
  [ErrorCode.ServerError]: 'Server error',
  [ErrorCode.MethodAmbiguous]: 'Method ambiguous',
  [ErrorCode.Forbidden]: 'Forbidden',
}

/** How much of the reason, and of the data, a message shows that names the command, in characters. */
const SHOWN_LENGTH = 200

/** What would forge lines in a log or steer a terminal: controls, format characters, separators of lines; and half characters. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * What a command or the engine answers instead of a result: the error object of JSON-RPC. A handler throws it, a client
 * receives it.
 */
export class CommandError extends Error {
  readonly [errorTag] = 'command'
  override readonly name = 'CommandError'
  /** Any integer; the named ones are in `ErrorCode`. */
  readonly code: number
  /** The message of the JSON-RPC error alone, as a peer gets it: `Method not found`. */
  readonly reason: string
  /** More for the peer, any JSON value; left out of the answer when undefined. */
  readonly data: unknown
  /** The command that was called, where a client received the error. Its `message` then names the command and the data too, shortened, on one line. */
  readonly command: string | undefined

  /**
   * @param reason defaults to the standard message of a named code
   * @throws RangeError when `code` is not an integer
   */
  constructor(
    code: number,
    reason: string = standardMessages[code] ?? 'Server error',
    data?: unknown,
    options: ErrorOptions & { readonly command?: string | undefined } = {},
  ) {
    const { command } = options
    super(command === undefined ? reason : `${command}: ${peerText(reason)}${shownData(data)}`, options)
    if (!Number.isInteger(code)) throw new RangeError(`CommandError: code must be an integer, not ${code}`)
    this.code = code
    this.reason = reason
    this.data = data
    this.command = command
  }
}

function shownData(data: unknown): string {
  if (data === undefined || data === null) return ''
  const text = typeof data === 'string' ? data : jsonText(data)
  return text === '' ? '' : `: ${peerText(text)}`
}

function peerText(text: string): string {
  const start = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text
  return start.replace(STEERING, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}

/** Empty for what no JSON text can show: data that is nested too deeply, or in itself. It is in `data` all the same. */
function jsonText(data: unknown): string {
  try {
    return JSON.stringify(data) ?? ''
  } catch {
    return ''
  }
}

/** -32602 `Invalid params`, with what is wrong as data: `throw invalidParams('Bad PID')`. */
export function invalidParams(data: string): CommandError {
  return new CommandError(ErrorCode.InvalidParams, undefined, data)
}

/**
 * What went wrong on this side:
 * - `MI_TIMEOUT` no reply in time; the command may have run
 * - `MI_CONNECTION` the server could not be reached
 * - `MI_PROTOCOL` what arrived is not a JSON-RPC reply; its text is in `data`
 * - `MI_CLOSED` the engine, transport or client is closed
 * - `MI_LISTEN` a transport could not start to listen
 * - `MI_UNSUPPORTED` this platform lacks what is asked for
 */
export type MiErrorCode = 'MI_TIMEOUT' | 'MI_CONNECTION' | 'MI_PROTOCOL' | 'MI_CLOSED' | 'MI_LISTEN' | 'MI_UNSUPPORTED'

/** What happened on this side of the wire. The code is for programs, the message for people. */
export class MiError extends Error {
  readonly [errorTag] = 'local'
  override readonly name = 'MiError'
  readonly code: MiErrorCode
  /** What the peer sent, where that matters. */
  readonly data: unknown

  constructor(code: MiErrorCode, message: string, options: ErrorOptions & { readonly data?: unknown } = {}) {
    super(message, options)
    this.code = code
    this.data = options.data
  }
}

/** Whether an error is a `CommandError`, with the given code if one is given. Holds across installed versions. */
export function isCommandError(error: unknown, code?: number): error is CommandError {
  return hasTag(error, 'command') && (code === undefined || error.code === code)
}

/** Whether an error is a `MiError`, with the given code if one is given. Holds across installed versions. */
export function isMiError(error: unknown, code?: MiErrorCode): error is MiError {
  return hasTag(error, 'local') && (code === undefined || error.code === code)
}

function hasTag(error: unknown, tag: string): error is Error & { readonly code: unknown } {
  return typeof error === 'object' && error !== null && errorTag in error && error[errorTag] === tag
}
