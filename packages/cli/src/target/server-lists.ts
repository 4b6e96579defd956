import type { MiClient, NotifyOptions } from '@mi/client'

/**
 * The events that the server can raise, in its order. Rejects as `client.call` does.
 * @returns none where the answer is not the one of OpenSIPS
 */
export async function eventNames(client: MiClient, limits: NotifyOptions): Promise<string[]> {
  const { evi } = await import('@mi/opensips/evi')
  const result: unknown = await client.call(evi.list, {}, limits)
  if (typeof result !== 'object' || result === null || !('Events' in result) || !Array.isArray(result.Events)) return []
  return result.Events.map((event: { readonly name?: unknown } | null) => event?.name).filter(
    (name) => typeof name === 'string',
  )
}

/**
 * The statistics of the server: `core:rcv_requests`. Rejects as `client.call` does.
 * @returns none where the answer is not the one of OpenSIPS
 */
export async function statisticNames(client: MiClient, limits: NotifyOptions): Promise<string[]> {
  const { statistics } = await import('@mi/opensips/statistics')
  const result: unknown = await client.call(statistics.list, {}, limits)
  return typeof result === 'object' && result !== null && !Array.isArray(result) ? Object.keys(result) : []
}
