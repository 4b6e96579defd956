import { cutUtf8 } from './cut.js'
import { jsonObject } from './json-object.js'

/** How the parts of a trace become a payload: plain text for HOMER 5, JSON for HOMER 6. */
export type HepTraceFormat = 'homer5' | 'homer6'

/** What payloads are like. */
export interface PayloadSettings {
  readonly format: HepTraceFormat
  /** Stands between the parts in `homer5`; nothing in them is escaped. */
  readonly homer5Delim: string
  /** Octets of parameters that are kept. */
  readonly maxParameterBytes: number
  /** Octets of a reply that are kept. */
  readonly maxReplyBytes: number
}

/**
 * The payload of a traced request: command, backend and parameters, without those that are empty.
 * @param parameters flattened
 * @param room octets for the whole, which is cut to fit
 * @returns '' when all are empty
 * Source: mi_trace 3.5; the recordings in vectors/hep.json.
 */
export function requestPayload(
  { format, homer5Delim, maxParameterBytes }: PayloadSettings,
  command: string,
  backend: string,
  parameters: string,
  room: number,
): string {
  // The name of a command that does not exist can be as long as a request.
  const name = cutUtf8(command, room)
  const kept = cutUtf8(parameters, maxParameterBytes)
  if (format === 'homer6')
    return jsonObject(
      [
        ['command', name],
        ['backend', backend],
        ['parameters', kept],
      ],
      room,
    )
  return cutUtf8(joined(joined(name, homer5Delim, backend), homer5Delim, kept), room)
}

/**
 * The payload of a traced reply; '' when there is no text.
 * @param room octets for the whole, which is cut to fit
 */
export function replyPayload({ format, maxReplyBytes }: PayloadSettings, text: string, room: number): string {
  const kept = cutUtf8(text, maxReplyBytes)
  return format === 'homer6' ? jsonObject([['reply', kept]], room) : cutUtf8(kept, room)
}

function joined(left: string, delimiter: string, right: string): string {
  return left === '' || right === '' ? left + right : left + delimiter + right
}
