import { protocolError } from '../protocol-error.js'
import type { Call } from './call.js'
import type { Link, LinkEvents } from './link.js'
import { Matching } from './matching.js'

/** How many turns of the loop may bring what arrived before the server went away: more than any buffer holds. */
const maxTurns = 256

/** What a connection asks of the transport. */
export interface ConnectionOwner {
  /** A call is sent, maybe once more, and awaits its answer. */
  sent(call: Call): void
  /** The server is gone: this connection takes no more calls. */
  retired(connection: Connection): void
  /** A call that was never sent, to be sent by another connection. */
  handedBack(call: Call): void
  /** All is over. */
  closed(connection: Connection): void
}

/** The calls over one socket, from the first one to the end of the socket. */
export class Connection implements LinkEvents {
  private readonly calls = new Matching()
  private link: Link | undefined
  private isRetired = false
  private isClosed = false
  private arrived = 0

  /** @param where the transport and its server, for messages */
  constructor(
    private readonly owner: ConnectionOwner,
    private readonly where: string,
  ) {}

  /** Answers may still come that nobody waits for. */
  get hasStrays(): boolean {
    return this.calls.hasStrays
  }

  attach(link: Link): void {
    this.link = link
  }

  /** Takes over a call and sends it. */
  carry(call: Call): void {
    const taken = this.calls.add(call)
    if (taken !== undefined) {
      call.fail(new TypeError(`a call with the id ${JSON.stringify(taken)} is under way over ${this.where} already`))
      return
    }
    call.connection = this
    this.link?.send(call)
  }

  /** Sends a call once more. */
  repeat(call: Call): void {
    call.repeats += 1
    this.link?.send(call)
  }

  /**
   * Ends what `carry` began.
   * @param abandoned nobody waits for the answer any more; it may come all the same
   */
  forget(call: Call, abandoned: boolean, wasSent: boolean): void {
    this.drop(call)
    const kept = (!wasSent || call.repeats > 0) && this.link?.withdraw(call) === true
    if (call.repeats > 0 || (abandoned && (wasSent || !kept))) this.calls.hasStrays = true
  }

  /** What may be said of answers that stayed away. @param silence for when nothing at all has arrived */
  hint(silence: string): string | undefined {
    return this.arrived === 0 ? silence : this.calls.hint()
  }

  received(text: string | null): void {
    if (this.isClosed) return
    this.arrived += 1
    const call = this.calls.find(text)
    if (call === undefined) return
    if (text !== null) call.succeed(text)
    else call.fail(protocolError(`an answer over ${this.where} that is longer than a datagram may be`, null))
  }

  sent(call: Call): void {
    if (call.phase === 'over') return
    call.phase = 'sent'
    if (call.awaitsAnswer) {
      this.owner.sent(call)
    } else {
      this.calls.hasNotified = true
      call.succeed(null)
    }
  }

  failed(call: Call, error: Error): void {
    call.fail(error)
  }

  refused(error: Error, unsent?: Call): void {
    if (this.isClosed) return
    if (!this.isRetired) {
      this.isRetired = true
      this.owner.retired(this)
      this.failWhenQuiet(error)
    }
    if (unsent !== undefined) this.handBack(unsent, error)
    for (const call of this.calls) {
      if (call.phase === 'unsent' && this.link?.withdraw(call) === true) this.handBack(call, error)
    }
  }

  /** Ends the socket, and then all calls. */
  close(reason?: unknown): void {
    if (this.isClosed) return
    this.isClosed = true
    // Before the calls reject: whoever awaits them finds no file.
    this.link?.close()
    for (const call of this.calls) call.fail(reason)
    this.owner.closed(this)
  }

  /** Once for each call: a server that goes away as often as it comes must not keep calls for ever. */
  private handBack(call: Call, error: Error): void {
    // A repetition that was refused: the call itself was sent, and its answer may have arrived.
    if (call.phase !== 'unsent') return
    if (call.hadSecondTry) {
      call.fail(error)
      return
    }
    call.hadSecondTry = true
    this.drop(call)
    this.owner.handedBack(call)
  }

  /** The system may tell that the server is gone before it hands over the answers that came first. */
  private failWhenQuiet(error: Error): void {
    let before = -1
    let turns = 0
    const look = (): void => {
      if (this.isClosed) return
      turns += 1
      if (this.calls.size === 0 || this.arrived === before || turns > maxTurns) {
        this.close(error)
        return
      }
      before = this.arrived
      setImmediate(look)
    }
    setImmediate(look)
  }

  private drop(call: Call): void {
    call.connection = undefined
    this.calls.delete(call)
  }
}
