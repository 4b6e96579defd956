import { AsyncResource } from 'node:async_hooks'
import type { Dispatcher, DispatchOptions, MiLogger, MiPeer, Outcome } from '@mi/contract'
import { answerText } from './texts.js'

/** A request as the transport handed it over. */
export interface DispatchedRequest {
  readonly text: string
  readonly peer: MiPeer
  /** Undefined when the transport takes no provisional answers. */
  readonly onProvisional: ((text: string) => void) | undefined
  /** Undefined when the transport does not report peers that have gone. */
  readonly signal: AbortSignal | undefined
}

/** A request or an answer that the transport said it gave up. */
export interface Drop {
  readonly reason: string
  readonly fields: Readonly<Record<string, unknown>> | undefined
}

export type Answerer = (request: DispatchedRequest) => string | null | Promise<string | null>

/** The engine's place in a test: records what it gets, and answers as the test says. */
export class RecordingDispatcher implements Dispatcher {
  readonly requests: DispatchedRequest[] = []
  readonly drops: Drop[] = []
  /** Answers handed to the transport, without those that were null. */
  owed = 0
  readonly log: MiLogger = { debug() {}, info() {}, warn() {}, error() {} }

  constructor(private readonly answer: Answerer) {}

  dispatch(
    text: string,
    peer: MiPeer,
    { onProvisional, signal }: DispatchOptions = {},
  ): string | null | Promise<string | null> {
    // Bound, so that what the transport does in it counts as the transport's doing and not as the test's.
    const send = onProvisional === undefined ? undefined : AsyncResource.bind(onProvisional)
    const request: DispatchedRequest = {
      text,
      peer,
      onProvisional: send === undefined ? undefined : (step) => send(step, peer),
      signal,
    }
    this.requests.push(request)
    const answer = this.answer(request)
    if (answer instanceof Promise) return answer.then((later) => this.count(later))
    return this.count(answer)
  }

  execute(): Outcome {
    throw new TypeError('the compliance suites ask in JSON-RPC text')
  }

  drop(reason: string, fields?: Readonly<Record<string, unknown>> | undefined, count = 1): void {
    // One for each, so that their number is that of what was lost.
    for (let each = 0; each < count; each++) this.drops.push({ reason, fields })
  }

  private count(answer: string | null): string | null {
    if (answer !== null) this.owed++
    return answer
  }
}

/** Answers as an engine would: by the id; not at all without one; `400 Parse_error` to what is no JSON. */
export function answerById({ text }: DispatchedRequest): string | null {
  const id = idOf(text)
  if (id === undefined) return '400 Parse_error'
  return id === null ? null : answerText(id)
}

/** @returns null for a notification, undefined for what is no request */
export function idOf(text: string): number | string | null | undefined {
  try {
    const request: unknown = JSON.parse(text)
    if (typeof request !== 'object' || request === null) return undefined
    if (!('id' in request)) return null
    return typeof request.id === 'number' || typeof request.id === 'string' ? request.id : undefined
  } catch {
    // Not JSON: the tests send such texts on purpose.
    return undefined
  }
}

/** Answers that wait until the test lets them go. */
export class HeldAnswers {
  private readonly waiting: Array<() => void> = []
  private released = false

  /** How many are held back. */
  get count(): number {
    return this.waiting.length
  }

  hold(answer: string | null): Promise<string | null> {
    if (this.released) return Promise.resolve(answer)
    return new Promise((resolve) => {
      this.waiting.push(() => resolve(answer))
    })
  }

  /** Lets go of all, the latest first when asked for, and holds no more. */
  release(order: 'inOrder' | 'reversed' = 'inOrder'): void {
    this.released = true
    const waiting = this.waiting.splice(0)
    if (order === 'reversed') waiting.reverse()
    for (const letGo of waiting) letGo()
  }
}
