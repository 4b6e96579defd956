import type { JsonRpcId } from '@mi/contract'
import { idAtEnd, idsOf } from './answer-ids.js'
import type { Call } from './call.js'

/** How much of an answer a hint shows, in characters. */
const shownLength = 100

/**
 * Whose answer is whose. Answers are matched by id. One without an id (`500 Internal error`, an error with id null)
 * belongs to the only call in flight, provided that nothing else that was sent over the same socket may be what it
 * answers; else to nobody, since a wrong answer is worse than none.
 */
export class Matching implements Iterable<Call> {
  /** Answers may still come that nobody waits for: of calls that were given up, or were sent more than once. */
  hasStrays = false
  /** A notification was sent, and no call answered since: a server that cannot take it may say so, without an id. */
  hasNotified = false
  private readonly calls = new Set<Call>()
  private readonly byId = new Map<JsonRpcId, Call>()
  private unclear = 0
  private lastUnclear = ''
  private strange = 0
  private lastStrange = ''

  get size(): number {
    return this.calls.size
  }

  [Symbol.iterator](): Iterator<Call> {
    return this.calls[Symbol.iterator]()
  }

  /** @returns the id that another call has already; the call is not added then */
  add(call: Call): JsonRpcId | undefined {
    const { ids } = call.message
    for (const id of ids) {
      if (this.byId.has(id)) return id
    }
    this.calls.add(call)
    for (const id of ids) this.byId.set(id, call)
    return undefined
  }

  delete(call: Call): void {
    if (!this.calls.delete(call)) return
    for (const id of call.message.ids) this.byId.delete(id)
  }

  /**
   * The call that a text answers, or undefined when it answers none.
   * @param text null for what was longer than a datagram may be
   */
  find(text: string | null): Call | undefined {
    if (text === null) return this.findWithoutId('longer than a datagram may be')
    const id = idAtEnd(text)
    const call = id === undefined ? undefined : this.byId.get(id)
    if (call === undefined) return this.findByParsing(text)
    this.hasNotified = false
    return call
  }

  /** What may be said of calls that had no answer, where some came that could not be matched. */
  hint(): string | undefined {
    const hints: string[] = []
    if (this.unclear > 0) {
      hints.push(
        `${this.unclear} of the answers that came had no id and could belong to several calls, the last one ` +
          `${this.lastUnclear}; send such calls one at a time to see which`,
      )
    }
    if (this.strange > 0) {
      hints.push(
        `${this.strange} of the answers that came had the id of no call that waited, the last one ${this.lastStrange}: ` +
          'they were late, or meant for somebody else',
      )
    }
    return hints.length === 0 ? undefined : hints.join('. ')
  }

  private findByParsing(text: string): Call | undefined {
    const ids = idsOf(text)
    if (ids.length === 0) return this.findWithoutId(shown(text))
    for (const id of ids) {
      const call = this.byId.get(id)
      if (call === undefined) continue
      this.hasNotified = false
      return call
    }
    // The late answer to a call that was given up, or one more to a call that has its answer.
    this.strange += 1
    this.lastStrange = shown(text)
    return undefined
  }

  private findWithoutId(said: string): Call | undefined {
    const [only] = this.calls
    if (this.calls.size === 1 && only?.phase === 'sent' && !this.hasStrays && !this.hasNotified) return only
    this.unclear += 1
    this.lastUnclear = said
    return undefined
  }
}

function shown(answer: string): string {
  return JSON.stringify(answer.slice(0, shownLength))
}
