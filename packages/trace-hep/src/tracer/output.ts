import { encodeHep, encodeHepInto } from '../codec/encode.js'
import type { HepEncodeOptions } from '../codec/options.js'
import type { Destination } from '../destination/destination.js'
import type { ResolvedDestination } from '../destination/options.js'
import type { PacketBuffer } from '../destination/packet-buffer.js'
import type { HepMessageInput } from '../message.js'
import { flattenParams } from '../mi/flatten.js'
import { replyPayload, requestPayload } from '../mi/payload.js'
import { HepProtocolType } from '../protocol-type.js'
import type { Exchange } from './exchange.js'
import type { WallClock } from './wall-clock.js'

/** What IP and UDP headers leave of 65535 octets. */
const LARGEST_DATAGRAM = 65_507
const LARGEST_PACKET = 65_535

/** OpenSIPS says so of every MI trace, whatever the command came over. */
const TCP = 6

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Writes the traces for one destination. */
export class TraceOutput {
  /** One for all messages: making one for each would cost as much as writing it. */
  private readonly message: Writable<HepMessageInput>
  private readonly encoding: HepEncodeOptions
  /** Octets that every packet has for its payload, whatever the rest of it is. */
  private readonly room: number

  constructor(
    private readonly options: ResolvedDestination,
    private readonly destination: Pick<Destination, 'isOpen' | 'requests' | 'replies' | 'written' | 'drop'>,
  ) {
    const { version, captureId, authKey, v2Time, transport } = options
    this.message = { version, ipProto: TCP, protoType: HepProtocolType.MI, captureId, authKey }
    this.encoding = { v2Time }
    const largest = transport === 'udp' ? LARGEST_DATAGRAM : LARGEST_PACKET
    this.room = largest - encodeHep({ ...this.message, ...mostRoom }, this.encoding).length
  }

  request(
    { route, correlationId }: Exchange,
    clock: WallClock,
    command: string,
    backend: string,
    params: unknown,
  ): void {
    const { destination } = this
    if (!destination.isOpen) {
      destination.drop()
      return
    }
    const { message, options } = this
    const parameters = params === undefined ? '' : flattenParams(params, options.maxParameterBytes)
    message.srcIp = route.srcIp
    message.srcPort = route.srcPort
    message.dstIp = route.dstIp
    message.dstPort = route.dstPort
    this.write(
      destination.requests,
      correlationId,
      clock,
      requestPayload(options, command, backend, parameters, this.room),
    )
  }

  reply({ route, correlationId }: Exchange, clock: WallClock, text: string): void {
    const { destination } = this
    if (!destination.isOpen) {
      destination.drop()
      return
    }
    const { message } = this
    message.srcIp = route.dstIp
    message.srcPort = route.dstPort
    message.dstIp = route.srcIp
    message.dstPort = route.srcPort
    this.write(destination.replies, correlationId, clock, replyPayload(this.options, text, this.room))
  }

  private write(buffer: PacketBuffer, correlationId: string, { sec, usec }: WallClock, payload: string): void {
    const { message } = this
    message.timeSec = sec
    message.timeUsec = usec
    message.correlationId = correlationId
    // OpenSIPS has no payload where there is nothing to say.
    message.payload = payload === '' ? undefined : payload
    this.destination.written(buffer, encodeHepInto(message, buffer.bytes, buffer.used, this.encoding))
  }
}

/** A message as long as a trace can be without its payload. */
const mostRoom: HepMessageInput = {
  srcIp: '::',
  dstIp: '::',
  srcPort: 0,
  dstPort: 0,
  timeSec: 0,
  timeUsec: 0,
  payload: '',
  correlationId: `MICORR${'A'.repeat(28)}`,
}
