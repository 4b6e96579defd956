import type { JsonRpcId } from '@mi/contract'
import { readJson } from '../json-reader.js'
import { isExactNumber, type NumberReading, numberReader } from '../numbers.js'
import { bareText } from '../read-reply.js'
import type { EventParams, EventValue } from './known-events.js'

/** An event as it arrived. */
export interface Notification {
  readonly event: string
  readonly params: EventParams
  /** The id of the server's request, where it waits for an acknowledgement (`reliable_mode` of event_stream). */
  readonly id: JsonRpcId
}

/**
 * Reads the JSON-RPC notification or request that an event is sent as.
 * @returns undefined for anything else, such as the lines of text that OpenSIPS 3.0 sends as datagrams
 */
export function readNotification(data: string, numbers: NumberReading): Notification | undefined {
  const text = bareText(data)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Not an event; it is counted as ignored.
    return undefined
  }
  if (!isObject(value) || value.jsonrpc !== '2.0' || typeof value.method !== 'string') return undefined
  const params = value.params === undefined ? undefined : readParams(text, value, value.params, numbers)
  if (params === null) return undefined
  // Some releases send notifications with the id null.
  const id = typeof value.id === 'number' || typeof value.id === 'string' ? value.id : null
  return { event: value.method, params, id }
}

/** Says that an event has arrived, to a server that waits for that. */
export function acknowledgement(id: JsonRpcId): string {
  return JSON.stringify({ jsonrpc: '2.0', result: 'OK', id })
}

/** @returns null for what is not parameters */
function readParams(text: string, value: object, params: unknown, numbers: NumberReading): EventParams | null {
  if (!isFlat(params)) return null
  const names = Object.keys(value).length + (Array.isArray(params) ? 0 : Object.keys(params).length)
  const isWhole = numbers === 'number' && !mayRepeat(text, names)
  const all = isWhole ? params : paramsOf(readJson(text, { number: numberReader(numbers), repeated: 'list' }))
  if (!isParams(all)) return null
  // OpenSIPS 3.2 and 3.3 give values without a name the empty one; later releases send a list.
  if (Array.isArray(all) || !('' in all) || Object.keys(all).length > 1) return all
  return Object.values(all).flat()
}

/**
 * Whether a name may be there more than once.
 * @param names how many different ones there are
 */
function mayRepeat(text: string, names: number): boolean {
  // A quote and a colon end a name; in a string they are rare.
  return (text.match(/"\s*:/g)?.length ?? 0) > names
}

function paramsOf(value: unknown): unknown {
  return isObject(value) ? value.params : undefined
}

function isParams(value: unknown): value is NonNullable<EventParams> {
  if (isFlat(value)) return true
  return isObject(value) && Object.values(value).every((each) => isValue(each) || (Array.isArray(each) && isFlat(each)))
}

/** Whether nothing is nested. */
function isFlat(value: unknown): value is NonNullable<EventParams> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isValue)
}

/** True to the types where numbers are read as numbers. */
function isValue(value: unknown): value is EventValue {
  if (value === null || isExactNumber(value)) return true
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
