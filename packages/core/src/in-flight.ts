import { CommandError, ErrorCode, MiError, type MiPeer } from '@mi/contract'
import { LARGEST_TIMER_MS } from '@mi/internal/options'

export const CLOSED = new CommandError(ErrorCode.ServerError, undefined, 'Server closed')
export const ABORTED = new CommandError(ErrorCode.ServerError, undefined, 'Command aborted')
const TIMED_OUT = new CommandError(ErrorCode.ServerError, undefined, 'Command timed out')

/** How a promised result came, or why it is not waited for any more. */
export type Settlement = 'thrown' | 'timeout' | 'closed' | 'aborted'

export type Settled = { readonly result: unknown } | { readonly reason: unknown; readonly kind: Settlement }

/** A command that runs, as far as waiting for its result needs it. */
export interface Running {
  /** Canonical name. */
  readonly command: string
  readonly peer: MiPeer
  /** Fires the handler's signal. */
  abort(reason: unknown): void
  /** Whether a handler failed with what its signal fired for. */
  isOwnAbort(error: unknown): boolean
  /** The command has answered, or is not waited for any more. */
  end(): void
}

/** What may be in flight, at most. */
interface InFlightLimits {
  readonly maxInFlight: number
  readonly perPeer: { readonly inFlight: number }
}

/** The commands that have promised an answer, counted for the engine and for each peer, and the batches under way. */
export class InFlight {
  private readonly commands = new Set<PromisedResult>()
  private readonly batches = new Set<Promise<unknown>>()
  /** By what a peer is counted as. It has no more entries than there are commands in flight. */
  private readonly byPeer = new Map<string, number>()

  constructor(private readonly limits: InFlightLimits) {}

  /** @returns why a command of this peer that answers later must not begin; undefined when it may */
  refusal(peer: MiPeer): CommandError | undefined {
    const { maxInFlight, perPeer } = this.limits
    if (this.commands.size >= maxInFlight) {
      return refusal(`${maxInFlight} of all clients wait for an answer (limits.maxInFlight); try again later`)
    }
    const share = shareOf(peer)
    if ((this.byPeer.get(share) ?? 0) < perPeer.inFlight) return undefined
    return refusal(
      `${perPeer.inFlight} of ${share} wait for an answer (limits.perPeer.inFlight); send more when some are answered`,
    )
  }

  /** Counts a command that has promised its result, until `end`. @param given the signal of the transport or caller */
  begin(running: Running, given: AbortSignal | undefined): PromisedResult {
    const share = shareOf(running.peer)
    const promised = new PromisedResult(running, given, share)
    this.commands.add(promised)
    this.byPeer.set(share, (this.byPeer.get(share) ?? 0) + 1)
    return promised
  }

  end(promised: PromisedResult): void {
    this.commands.delete(promised)
    const { share } = promised
    const left = (this.byPeer.get(share) ?? 0) - 1
    if (left > 0) this.byPeer.set(share, left)
    else this.byPeer.delete(share)
  }

  /** `settled` waits for this batch too. It must not reject. */
  addBatch(batch: Promise<unknown>): void {
    this.batches.add(batch)
    void batch.then(() => this.batches.delete(batch))
  }

  /** Fires the signals of all commands. */
  abort(reason: unknown): void {
    for (const { running } of this.commands) running.abort(reason)
  }

  /** Answers for all commands that have not answered yet, since the engine closes. */
  giveUp(): void {
    for (const promised of this.commands) promised.giveUp()
  }

  /** Resolves when nothing is in flight. */
  async settled(): Promise<void> {
    if (this.commands.size + this.batches.size === 0) return
    while (this.commands.size + this.batches.size > 0) {
      await Promise.all([...this.batches, ...[...this.commands].map(({ settling }) => settling)])
    }
    // The answers reach tracers and callers in the microtasks that follow.
    await new Promise(setImmediate)
  }
}

function refusal(data: string): CommandError {
  return new CommandError(ErrorCode.ServerError, undefined, `Too many commands in flight: ${data}`)
}

/**
 * What a peer is counted as: what it cannot change at will. A client has many ports and, with IPv6, many addresses in one network,
 * but one user. Where nothing is known of the peers of a transport, they are counted together.
 */
function shareOf({ credentials, user, certificate, source, transport }: MiPeer): string {
  if (credentials !== undefined) return `uid ${credentials.uid}`
  if (user !== undefined) return `user ${user}`
  if (certificate !== undefined) return `certificate ${certificate.subject}`
  return source === undefined ? transport : networkOf(source.address)
}

/** An IPv4 address as it is, also one in IPv6 form; of an IPv6 address the first 64 bits, which is what one client has. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? []
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  while (groups.length + last.length < 8) groups.push('0')
  return `${[...groups, ...last].slice(0, 4).join(':')}::/64`
}

const GAVE_WAY: Settled = { reason: CLOSED, kind: 'closed' }

/** The waiting for a promised result. */
export class PromisedResult {
  private finish: ((settled: Settled) => void) | undefined
  /** Resolves with what `settle` gives. Undefined before that. */
  settling: Promise<Settled> | undefined

  constructor(
    readonly running: Running,
    private readonly given: AbortSignal | undefined,
    readonly share: string,
  ) {}

  /**
   * Waits for the result, no longer than `timeoutMs` (0: no limit), than the given signal, and than until `giveUp`.
   * Never rejects.
   */
  settle(promise: PromiseLike<unknown>, timeoutMs: number): Promise<Settled> {
    const { given, running } = this
    this.settling = new Promise((resolve) => {
      const timer =
        timeoutMs > 0 ? setTimeout(() => this.timeOut(timeoutMs), Math.min(timeoutMs, LARGEST_TIMER_MS)) : undefined
      const onGiven = (): void => {
        running.abort(given?.reason)
        this.finish?.({ reason: ABORTED, kind: 'aborted' })
      }
      this.finish = (settled) => {
        this.finish = undefined
        running.end()
        clearTimeout(timer)
        given?.removeEventListener('abort', onGiven)
        resolve(settled)
      }
      given?.addEventListener('abort', onGiven, { once: true })
      // The handler itself may have fired it, through what it has called.
      if (given?.aborted) onGiven()
      try {
        // Resolved first: a foreign `then` may throw, or call back twice.
        Promise.resolve(promise).then(
          (result) => this.finish?.({ result }),
          (error: unknown) => this.finish?.(running.isOwnAbort(error) ? GAVE_WAY : { reason: error, kind: 'thrown' }),
        )
      } catch (error) {
        // A promise that was given a `then` of its own is called as it is.
        this.finish?.({ reason: error, kind: 'thrown' })
      }
    })
    return this.settling
  }

  /** Answers for a command that did not answer in time for the engine to close. */
  giveUp(): void {
    this.finish?.(GAVE_WAY)
  }

  private timeOut(timeoutMs: number): void {
    const { running } = this
    running.abort(new MiError('MI_TIMEOUT', `command ${running.command} timed out after ${timeoutMs} ms`))
    this.finish?.({ reason: TIMED_OUT, kind: 'timeout' })
  }
}
