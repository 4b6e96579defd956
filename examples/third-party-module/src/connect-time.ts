import { connect, type LookupFunction } from 'node:net'
import type { Target } from './targets.js'

/** How long connecting may take, and what ends it before. */
export interface ConnectOptions {
  /** In milliseconds; finding the address included. */
  readonly withinMs: number
  readonly signal: AbortSignal
  /** How a host's name becomes an address. @default dns.lookup */
  readonly lookup?: LookupFunction | undefined
}

/**
 * Connects to a target and leaves again.
 * @returns how long it took, in milliseconds
 * @throws an error of the system, with its `code`: `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT` after `withinMs`; an `AbortError`
 * when the signal fires. No socket is left open in any case.
 */
export function connectTime({ host, port }: Target, { withinMs, signal, lookup }: ConnectOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const socket = connect({ host, port, signal, ...(lookup && { lookup }) })
    const timer = setTimeout(() => socket.destroy(timeoutError(host, port, withinMs)), withinMs)
    socket.once('connect', () => {
      resolve(Math.round(performance.now() - begun))
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => clearTimeout(timer))
  })
}

function timeoutError(host: string, port: number, withinMs: number): Error {
  return Object.assign(new Error(`no connection to ${host}:${port} within ${withinMs} ms`), { code: 'ETIMEDOUT' })
}
