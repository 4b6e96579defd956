import assert, { AssertionError } from 'node:assert/strict'
import type { ClientReply, ClientTransport, JsonRpcId, RequestSignal } from '@mi/contract'
import type { ClientHarness, ClientUnderTest, RawRequest } from '../client-harness.js'
import { requestText } from '../texts.js'
import type { TimerWatch } from '../timer-watch.js'
import type { ClientTraits } from '../traits.js'
import { someTurns, throughout, until, within } from '../waiting.js'

/** What becomes of a request: never an unhandled rejection, however late the test looks at it. */
export type Outcome =
  | { readonly type: 'answered'; readonly text: string | null }
  | { readonly type: 'failed'; readonly error: unknown }

/** A request that was given to the transport. */
export interface SentRequest {
  /** Undefined while the request is under way. */
  readonly settled: () => Outcome | undefined
  /** Resolves with the answer; fails the test when the request fails or takes too long. */
  readonly answer: () => Promise<string | null>
  /** Resolves with the error; fails the test when the request is answered or takes too long. */
  readonly error: () => Promise<unknown>
}

export interface RequestOptions {
  readonly ids?: readonly JsonRpcId[] | undefined
  readonly signal?: RequestSignal | undefined
  readonly onProvisional?: ((text: string) => void) | undefined
  readonly onSent?: (() => void) | undefined
}

/** What one test of a client transport needs: the transport, and a server end that keeps what it receives. */
export class ClientSession {
  readonly transport: ClientTransport
  readonly address: string
  /** What the server end has received, oldest first. */
  readonly received: RawRequest[] = []
  private nextId = 1

  constructor(
    private readonly subject: ClientUnderTest,
    readonly traits: ClientTraits,
    private readonly timers: TimerWatch | undefined,
  ) {
    this.transport = subject.transport
    this.address = subject.address
  }

  id(): number {
    return this.nextId++
  }

  /** Starts the server end. What it receives is kept, and given to `answer` if there is one. */
  serve(answer: (request: RawRequest) => Promise<void> = () => Promise.resolve()): Promise<void> {
    const listening = this.subject.server.listen((request) => {
      this.received.push(request)
      // The client may have given up in the meantime; the test looks at the client's side of it.
      answer(request).catch(() => undefined)
    })
    return within(this.traits.waitMs, 'harness: listen', listening)
  }

  vanish(): Promise<void> {
    return within(this.traits.waitMs, 'harness: vanish', this.subject.server.vanish())
  }

  request(
    text: string,
    { ids = [], signal = new AbortController().signal, onProvisional, onSent }: RequestOptions,
  ): SentRequest {
    const { waitMs } = this.traits
    let outcome: Outcome | undefined
    const message = {
      text,
      ids,
      signal,
      abortSignal: abortSignalOf(signal),
      onProvisional: onProvisional && ((reply: ClientReply) => onProvisional(textOf(reply))),
      onSent,
    }
    const work = this.watched(() => this.transport.request(message)).then(
      (reply): Outcome => ({ type: 'answered', text: reply === null ? null : textOf(reply) }),
      (error: unknown): Outcome => ({ type: 'failed', error }),
    )
    const settling = work.then((result) => {
      outcome = result
      return result
    })
    return {
      settled: () => outcome,
      answer: async () => {
        const result = await within(waitMs, `answer to ${text.slice(0, 80)}`, settling)
        if (result.type === 'answered') return result.text
        throw new AssertionError({ message: `the request was to be answered and failed: ${String(result.error)}` })
      },
      error: async () => {
        const result = await within(waitMs, `failure of ${text.slice(0, 80)}`, settling)
        if (result.type === 'failed') return result.error
        throw new AssertionError({ message: `the request was to fail and was answered: ${result.text}` })
      },
    }
  }

  /** A request with a fresh id, and that id. */
  ask(options: RequestOptions = {}, param = ''): SentRequest & { readonly id: number } {
    const id = this.id()
    return { id, ...this.request(requestText(id, param), { ids: [id], ...options }) }
  }

  /** Runs what makes the transport act, so that its timers are seen. */
  act(code: () => void): void {
    this.watched(code)
  }

  close(): Promise<void> {
    return within(
      this.traits.waitMs,
      'close',
      this.watched(() => this.transport.close()),
    )
  }

  leftovers(): Promise<readonly string[]> {
    return this.subject.leftovers()
  }

  arrived(count: number): Promise<void> {
    return until(
      this.traits.waitMs,
      () => `the server end received ${this.received.length} requests instead of ${count}`,
      () => this.received.length >= count,
    )
  }

  until(what: string, condition: () => boolean): Promise<void> {
    return until(this.traits.waitMs, () => what, condition)
  }

  throughout(what: string, condition: () => boolean): Promise<void> {
    return throughout(this.traits.quietMs, () => what, condition)
  }

  async end(): Promise<void> {
    await this.close()
    await this.vanish()
    await someTurns()
  }

  async cleanup(): Promise<void> {
    await within(this.traits.waitMs, 'harness: cleanup', this.subject.cleanup())
  }

  private watched<T>(code: () => T): T {
    return this.timers === undefined ? code() : this.timers.run(code)
  }
}

/** Runs one test with a transport of its own, and ends all of it however the test ends. */
export async function withClient(
  harness: ClientHarness,
  traits: ClientTraits,
  timers: TimerWatch | undefined,
  test: (session: ClientSession) => Promise<void>,
): Promise<void> {
  const create = (): Promise<ClientUnderTest> => harness.create()
  const subject = await within(traits.waitMs, 'harness: create', timers === undefined ? create() : timers.run(create))
  const session = new ClientSession(subject, traits, timers)
  try {
    await test(session)
  } catch (failure) {
    // What fails while clearing up after a failed test only follows from it: the first failure is the one to tell.
    await session.close().catch(() => undefined)
    await session.vanish().catch(() => undefined)
    await session.cleanup().catch(() => undefined)
    throw failure
  }
  try {
    await session.end()
  } finally {
    await session.cleanup()
  }
}

/** What a transport has parsed must be what the text says: the client does not look at the text again. */
function textOf(reply: ClientReply): string {
  if (typeof reply === 'string') return reply
  assert.deepEqual(reply.json, JSON.parse(reply.text), `json of the reply ${reply.text.slice(0, 80)}`)
  return reply.text
}

function abortSignalOf(signal: RequestSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  return controller.signal
}
