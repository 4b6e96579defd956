import { AssertionError } from 'node:assert'
import type { ServerTransport } from '@mi/contract'
import { type Answerer, answerById, RecordingDispatcher } from '../recording-dispatcher.js'
import type { RawPeer, ServerHarness, ServerSettings, ServerUnderTest } from '../server-harness.js'
import { excerpt, requestText } from '../texts.js'
import type { TimerWatch } from '../timer-watch.js'
import type { ServerTraits } from '../traits.js'
import { throughout, until, within } from '../waiting.js'

/** What one test of a server transport needs: the transport, a dispatcher that it serves, and peers. */
export class ServerSession {
  readonly transport: ServerTransport
  readonly dispatcher: RecordingDispatcher
  private readonly peers: RawPeer[] = []
  private nextId = 1

  constructor(
    private readonly subject: ServerUnderTest,
    readonly traits: ServerTraits,
    answer: Answerer,
    private readonly timers: TimerWatch | undefined,
  ) {
    this.transport = subject.transport
    this.dispatcher = new RecordingDispatcher(answer)
  }

  id(): number {
    return this.nextId++
  }

  listen(): Promise<void> {
    return within(
      this.traits.waitMs,
      'listen',
      this.watched(() => this.transport.listen(this.dispatcher)),
    )
  }

  close(): Promise<void> {
    return within(
      this.traits.waitMs,
      'close',
      this.watched(() => this.transport.close()),
    )
  }

  /** Begins to close. A test that fails before it awaits `done` does not fail a second time. */
  beginClose(): { readonly done: Promise<void>; readonly isDone: () => boolean } {
    let isDone = false
    const done = this.close().then(() => {
      isDone = true
    })
    done.catch(() => undefined)
    return { done, isDone: () => isDone }
  }

  leftovers(): Promise<readonly string[]> {
    return this.subject.leftovers()
  }

  async peer(): Promise<RawPeer> {
    const peer = await within(this.traits.waitMs, 'harness: peer', this.subject.peer())
    this.peers.push(peer)
    return peer
  }

  send(peer: RawPeer, request: string | Uint8Array): Promise<void> {
    return this.write(peer, peer.frame(typeof request === 'string' ? Buffer.from(request) : request))
  }

  write(peer: RawPeer, bytes: Uint8Array): Promise<void> {
    return within(this.traits.waitMs, 'harness: write', peer.write(bytes))
  }

  /** The next answer, which must come. */
  async receive(peer: RawPeer, what = 'answer'): Promise<string> {
    const { waitMs } = this.traits
    // The harness has its own clock; this one only catches a harness that forgets it.
    const answer = await within(waitMs * 2, 'harness: receive', peer.receive(waitMs))
    if (answer === null) throw new AssertionError({ message: `${what}: none came within ${waitMs} ms` })
    return answer
  }

  /** All that comes until there are so many characters, run together: some wires hand over several answers as one text. */
  async receiveCharacters(peer: RawPeer, count: number, what = 'answers'): Promise<string> {
    let text = ''
    while (text.length < count) text += await this.receive(peer, `${what}, after ${text.length} of ${count} characters`)
    return text
  }

  async receiveNothing(peer: RawPeer, why: string): Promise<void> {
    const { quietMs, waitMs } = this.traits
    const answer = await within(quietMs + waitMs, 'harness: receive', peer.receive(quietMs))
    if (answer !== null) throw new AssertionError({ message: `${why}, but this came: ${excerpt(answer)}` })
  }

  async ask(peer: RawPeer, request: string, what?: string): Promise<string> {
    await this.send(peer, request)
    return await this.receive(peer, what)
  }

  /** Whatever has happened before, a new peer is answered. */
  async serves(when: string): Promise<void> {
    const peer = await this.peer()
    const id = this.id()
    const answer = await this.ask(peer, requestText(id), `answer to a new peer's request ${when}`)
    if (!answer.includes(`answer to ${id}`)) {
      throw new AssertionError({ message: `a new peer's request ${when} got a wrong answer: ${excerpt(answer)}` })
    }
    await this.settle(peer)
  }

  async settle(peer: RawPeer): Promise<void> {
    await within(this.traits.waitMs, 'harness: close of a peer', peer.close())
  }

  async vanish(peer: RawPeer): Promise<void> {
    await within(this.traits.waitMs, 'harness: vanish', peer.vanish())
  }

  until(what: string, condition: () => boolean): Promise<void> {
    return until(this.traits.waitMs, () => `${what} (${this.counts()})`, condition)
  }

  throughout(what: string, condition: () => boolean): Promise<void> {
    return throughout(this.traits.quietMs, () => `${what} (${this.counts()})`, condition)
  }

  dispatched(count: number): Promise<void> {
    return this.until(
      `the transport did not hand over ${count} requests`,
      () => this.dispatcher.requests.length >= count,
    )
  }

  dropped(count: number): Promise<void> {
    return this.until(`the transport did not count ${count} drops`, () => this.dispatcher.drops.length >= count)
  }

  /** Closes all there is: peers first, so that none of them holds up the transport. */
  async end(): Promise<void> {
    for (const peer of this.peers) await this.settle(peer)
    await this.close()
  }

  async cleanup(): Promise<void> {
    await within(this.traits.waitMs, 'harness: cleanup', this.subject.cleanup())
  }

  private counts(): string {
    const { requests, drops } = this.dispatcher
    const reasons = drops.map(({ reason }) => reason).join(', ')
    return `${requests.length} handed over, ${drops.length} dropped${reasons === '' ? '' : `: ${reasons}`}`
  }

  private watched<T>(code: () => T): T {
    return this.timers === undefined ? code() : this.timers.run(code)
  }
}

export interface SessionOptions {
  readonly settings?: ServerSettings | undefined
  readonly answer?: Answerer | undefined
  readonly timers?: TimerWatch | undefined
  /** Uses the harness's transport that cannot listen. */
  readonly impossible?: boolean | undefined
}

/** Runs one test with a transport of its own, and ends all of it however the test ends. */
export async function withServer(
  harness: ServerHarness,
  traits: ServerTraits,
  { settings = {}, answer = answerById, timers, impossible = false }: SessionOptions,
  test: (session: ServerSession) => Promise<void>,
): Promise<void> {
  const create = (): Promise<ServerUnderTest> => (impossible ? createImpossible(harness) : harness.create(settings))
  const subject = await within(traits.waitMs, 'harness: create', timers === undefined ? create() : timers.run(create))
  const session = new ServerSession(subject, traits, answer, timers)
  try {
    await test(session)
  } catch (failure) {
    // What fails while clearing up after a failed test only follows from it: the first failure is the one to tell.
    await session.end().catch(() => undefined)
    await session.cleanup().catch(() => undefined)
    throw failure
  }
  try {
    await session.end()
  } finally {
    await session.cleanup()
  }
}

function createImpossible(harness: ServerHarness): Promise<ServerUnderTest> {
  if (harness.createImpossible !== undefined) return harness.createImpossible()
  throw new AssertionError({
    message: 'the harness has no createImpossible(); write one, or declare the trait listenCanFail: false',
  })
}
