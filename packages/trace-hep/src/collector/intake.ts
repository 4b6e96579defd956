import { decodeHep } from '../codec/decode.js'
import { createHepStream } from '../codec/stream.js'
import { isHepError } from '../hep-error.js'
import type { HepMessage } from '../message.js'
import type { HepArrival, HepMalformed, HepSender } from './events.js'
import type { ConnectionSink, Sink } from './listener.js'
import type { ResolvedCollectorOptions } from './options.js'
import { Pairing } from './pairing.js'

/** What is told of what arrives. */
export interface IntakeEvents {
  message(arrival: HepArrival): void
  malformed(malformed: HepMalformed): void
  problem(error: Error): void
}

/** Decodes what the listeners receive. */
export class Intake implements Sink {
  messages = 0
  malformed = 0
  private readonly pairing: Pairing

  constructor(
    private readonly options: Pick<ResolvedCollectorOptions, 'decode' | 'maxOpenRequests' | 'homer5Delim'>,
    private readonly events: IntakeEvents,
  ) {
    this.pairing = new Pairing(options.maxOpenRequests, options.homer5Delim)
  }

  get unanswered(): number {
    return this.pairing.unanswered
  }

  datagram(bytes: Buffer, sender: HepSender): void {
    let message: HepMessage
    try {
      message = decodeHep(bytes, this.options.decode)
    } catch (error) {
      this.refuse(error, sender, bytes.length)
      return
    }
    this.take(message, sender)
  }

  connection(sender: HepSender): ConnectionSink {
    const messages: HepMessage[] = []
    const stream = createHepStream(
      {
        message: (message) => messages.push(message),
        broken: (error, bytes) => this.refuse(error, sender, bytes),
      },
      this.options.decode,
    )
    // Handed on behind `push`: what a listener throws is not the stream's.
    const handOn = (): void => {
      for (const message of messages.splice(0)) this.take(message, sender)
    }
    return {
      push: (bytes) => {
        try {
          stream.push(bytes)
        } catch (error) {
          handOn()
          this.refuse(error, sender, bytes.length)
          return false
        }
        handOn()
        return true
      },
      end: () => {
        if (stream.pendingBytes > 0)
          this.problem(new Error(`the connection of ${sender.address} ended within a packet`))
      },
    }
  }

  problem(error: Error): void {
    this.events.problem(error)
  }

  private take(message: HepMessage, sender: HepSender): void {
    this.messages++
    this.events.message({ message, sender, receivedAtMs: Date.now(), mi: this.pairing.read(message, sender) })
  }

  private refuse(error: unknown, sender: HepSender, bytes: number): void {
    if (!isHepError(error)) throw error
    this.malformed++
    this.events.malformed({ error, sender, bytes })
  }
}
