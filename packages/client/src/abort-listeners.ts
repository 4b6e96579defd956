import type { Life } from './life.js'

/**
 * Listens to signals, once to each however many calls share it: Node.js 20 takes more than ten listeners on one
 * AbortSignal for a leak and warns.
 */
export class AbortListeners {
  private readonly bySignal = new Map<AbortSignal, { readonly calls: Set<Life>; readonly relay: () => void }>()

  /** Has a life follow a signal that has not fired yet. */
  follow(signal: AbortSignal, call: Life): void {
    const known = this.bySignal.get(signal)
    if (known !== undefined) {
      known.calls.add(call)
      return
    }
    const calls = new Set([call])
    const relay = (): void => {
      this.bySignal.delete(signal)
      for (const each of calls) each.abort(signal.reason)
    }
    this.bySignal.set(signal, { calls, relay })
    signal.addEventListener('abort', relay, { once: true })
  }

  /** Ends what `follow` began; the last one takes the listener away. */
  unfollow(signal: AbortSignal, call: Life): void {
    const known = this.bySignal.get(signal)
    if (known === undefined) return
    known.calls.delete(call)
    if (known.calls.size > 0) return
    this.bySignal.delete(signal)
    signal.removeEventListener('abort', known.relay)
  }
}
