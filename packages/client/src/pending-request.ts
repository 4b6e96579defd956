import type { AbortListener, ClientMessage, ClientReply, RequestSignal } from '@mi/contract'
import type { NumberReading } from './numbers.js'
import { type Asked, provisionalResults } from './read-reply.js'

/** How long a transport may take to end a request after its abort, in milliseconds. */
const ABORT_GRACE_MS = 1000

/** What is asked of the server. */
export interface RequestContent {
  /** For messages: `'core:uptime'`, `a batch of 3 (...)`. */
  readonly what: string
  readonly text: string
  /** The ids that a reply is awaited for, and the commands that they stand for. */
  readonly ids: readonly number[]
  readonly methods: readonly string[]
  /** The only server that may get it, as `ClientMessage` has it. */
  readonly onlyTo?: string | undefined
  /** Takes each result that goes ahead of the final one, with the place of its call; where it throws, the request ends. */
  readonly onProvisional?: ((result: unknown, index: number) => void) | undefined
  readonly onSent?: (() => void) | undefined
}

/** Where requests go, for messages. */
export interface Destination {
  /** The transport and its address. */
  readonly where: string
  /** How the numbers of replies are read. */
  readonly numbers: NumberReading
  hint(message: ClientMessage, reply: string | undefined): string | undefined
}

/**
 * A request under way: the message that the transport gets, and its own signal. As a signal it does what an AbortController
 * does and costs nearly nothing; an AbortController and its listener cost 4 microseconds, and all the rest of a call over
 * UDP 10 (Node.js 20.20, x64).
 */
export class PendingRequest implements ClientMessage, RequestSignal, Asked {
  readonly what: string
  readonly text: string
  readonly ids: readonly number[]
  readonly methods: readonly string[]
  readonly onlyTo: string | undefined
  readonly onProvisional: (reply: ClientReply) => void
  readonly wantsProvisional: boolean
  readonly onSent: (() => void) | undefined
  /** A property of its own, so that a copy of the message (`{ ...message }`) has it. */
  readonly signal: RequestSignal = this
  aborted = false
  /** Called with the reason where the request has not ended a second after its abort. */
  onIgnored: ((reason: unknown) => void) | undefined
  reason: unknown
  private listener: AbortListener | undefined
  /** The second listener and more: most requests have one at a time. */
  private others: AbortListener[] | undefined
  private controller: AbortController | undefined
  private grace: NodeJS.Timeout | undefined
  private hasEnded = false

  constructor(
    private readonly destination: Destination,
    { what, text, ids, methods, onlyTo, onProvisional, onSent }: RequestContent,
  ) {
    this.what = what
    this.text = text
    this.ids = ids
    this.methods = methods
    this.onlyTo = onlyTo
    this.onSent = onSent
    this.onProvisional = (reply) => this.hear(reply, onProvisional)
    this.wantsProvisional = onProvisional !== undefined
  }

  get subject(): string {
    return `${this.what} over ${this.destination.where}`
  }

  get numbers(): NumberReading {
    return this.destination.numbers
  }

  hint(reply: string | undefined): string | undefined {
    return this.destination.hint(this, reply)
  }

  get abortSignal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController()
      if (this.aborted) this.controller.abort(this.reason)
    }
    return this.controller.signal
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    const { onIgnored } = this
    if (onIgnored !== undefined && !this.hasEnded) this.grace = setTimeout(onIgnored, ABORT_GRACE_MS, reason)
    this.controller?.abort(reason)
    const { listener, others = [] } = this
    this.listener = undefined
    this.others = undefined
    for (const each of listener === undefined ? others : [listener, ...others]) {
      try {
        if (typeof each === 'function') each()
        else each.handleEvent()
      } catch {
        // The request rejects with the reason; a fault of a transport must not keep the others from ending.
      }
    }
  }

  /** Nothing that comes later is passed on. */
  end(): void {
    this.hasEnded = true
    clearTimeout(this.grace)
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  addEventListener(_: 'abort', listener: AbortListener): void {
    if (this.listener === undefined) this.listener = listener
    else this.others = [...(this.others ?? []), listener]
  }

  removeEventListener(_: 'abort', listener: AbortListener): void {
    if (this.listener === listener) this.listener = undefined
    else this.others = this.others?.filter((each) => each !== listener)
  }

  private hear(reply: ClientReply, onProvisional: RequestContent['onProvisional']): void {
    if (this.aborted || this.hasEnded) return
    try {
      for (const { result, index } of provisionalResults(this, reply)) onProvisional?.(result, index)
    } catch (error) {
      this.abort(error)
    }
  }
}

/** The requests that share a signal, and the one listener that ends them. */
interface Followers {
  readonly requests: Set<PendingRequest>
  readonly relay: () => void
}

/**
 * One listener to each signal, however many requests of however many clients share it: Node.js 20 takes more than ten
 * listeners on one AbortSignal for a leak and warns. For the whole process, since clients know nothing of each other; weak,
 * since it must not keep a signal that its owner has dropped.
 */
const followers = new WeakMap<AbortSignal, Followers>()

/** Aborts a request when a signal fires that has not fired yet. */
export function follow(signal: AbortSignal, request: PendingRequest): void {
  const known = followers.get(signal)
  if (known !== undefined) {
    known.requests.add(request)
    return
  }
  const requests = new Set([request])
  const relay = (): void => {
    followers.delete(signal)
    for (const each of requests) each.abort(signal.reason)
  }
  followers.set(signal, { requests, relay })
  signal.addEventListener('abort', relay, { once: true })
}

/** Ends what `follow` began; the last one removes the listener. */
export function unfollow(signal: AbortSignal, request: PendingRequest): void {
  const known = followers.get(signal)
  if (known === undefined) return
  known.requests.delete(request)
  if (known.requests.size > 0) return
  followers.delete(signal)
  signal.removeEventListener('abort', known.relay)
}
