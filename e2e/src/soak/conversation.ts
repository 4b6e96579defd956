import type { Wire } from './wire.js'

const REPLY = /\{"jsonrpc":"2\.0","result":"([^"]*)","id":(\d+)\}/g

/** No reply is longer: what is kept of the texts that are not a whole reply yet. */
const LONGEST_REPLY = 100_000

const MOST_FAULTS = 5

/** The requests and replies over one wire: each reply is checked against its request. */
export class Conversation {
  sent = 0
  received = 0
  longestWaitMs = 0
  readonly faults: string[] = []
  /** By id: when the request was sent. */
  private readonly waiting = new Map<number, number>()
  private unread = ''

  /** @param name unique among all peers of a soak */
  constructor(private readonly name: string) {}

  /** Requests without a reply so far. */
  get open(): number {
    return this.waiting.size
  }

  /** How long the oldest of them has waited, or the longest wait that is over. */
  longestUntilNow(): number {
    const [oldest = performance.now()] = this.waiting.values()
    return Math.max(this.longestWaitMs, performance.now() - oldest)
  }

  /** Asks for a reply of so many bytes. @returns false when the system has no room now */
  echo(wire: Wire, bytes: number): boolean {
    return this.send(wire, 'soak:echo', `"bytes":${bytes}`)
  }

  /** Asks for a reply that comes after a while. */
  later(wire: Wire, ms: number): boolean {
    return this.send(wire, 'soak:later', `"ms":${ms}`)
  }

  /** Takes what was read, in any pieces. */
  take(text: string): void {
    const all = this.unread + text
    let end = 0
    for (const match of all.matchAll(REPLY)) {
      this.settle(match[1] ?? '', Number(match[2]), match[0])
      end = match.index + match[0].length
    }
    this.unread = all.slice(Math.max(end, all.length - LONGEST_REPLY))
  }

  private send(wire: Wire, method: string, param: string): boolean {
    const id = this.sent + 1
    const request = `{"jsonrpc":"2.0","method":"${method}","params":{"id":"${this.name}_${id}",${param}},"id":${id}}`
    const sentAt = performance.now()
    if (!wire.send(request)) return false
    this.sent = id
    this.waiting.set(id, sentAt)
    return true
  }

  private settle(result: string, id: number, reply: string): void {
    const sentAt = this.waiting.get(id)
    if (sentAt === undefined || result.replace(/\.+$/, '') !== `${this.name}_${id}`) {
      if (this.faults.length < MOST_FAULTS) this.faults.push(`${this.name} got ${reply.slice(0, 200)}`)
      return
    }
    this.waiting.delete(id)
    this.received++
    this.longestWaitMs = Math.max(this.longestWaitMs, performance.now() - sentAt)
  }
}
