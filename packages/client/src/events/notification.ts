import type { JsonRpcId } from '@mi/contract'
import type { EventParams } from './known-events.js'

/** An event as it arrived. */
export interface Notification {
  readonly event: string
  readonly params: EventParams
  /** Where the server waits for an answer (`reliable_mode` of event_stream): the id of its request. */
  readonly id: JsonRpcId
}

/**
 * Reads the JSON-RPC notification or request that an event is sent as.
 * @returns undefined for anything else, such as the lines of text that OpenSIPS 3.0 sends as datagrams
 */
export function readNotification(text: string): Notification | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // No event; it is counted as such.
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('jsonrpc' in value) || value.jsonrpc !== '2.0') return undefined
  if (!('method' in value) || typeof value.method !== 'string') return undefined
  const params = 'params' in value ? value.params : undefined
  if (params !== undefined && !isParams(params)) return undefined
  // Some releases send notifications with the id null.
  const id = 'id' in value && (typeof value.id === 'number' || typeof value.id === 'string') ? value.id : null
  return { event: value.method, params, id }
}

/** What a server that waits for it is told of an event that has arrived. */
export function acknowledgement(id: JsonRpcId): string {
  return JSON.stringify({ jsonrpc: '2.0', result: 'OK', id })
}

function isParams(value: unknown): value is NonNullable<EventParams> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isValue)
}

function isValue(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number'
}
