import { MAX_PACKET_BYTES } from '../codec/bytes.js'
import type { HepEncodeOptions } from '../codec/codec-options.js'
import { encodeHep, encodeHepInto } from '../codec/encode.js'
import type { Destination } from '../destination/destination.js'
import type { ResolvedDestination } from '../destination/destination-options.js'
import type { PacketBuffer } from '../destination/packets.js'
import { type HepMessageInput, HepProtocolType } from '../message.js'
import type { Route, WallClock } from './trace-context.js'
import { flattenParams, replyPayload, requestPayload } from './trace-payload.js'

/** What the headers of IP and UDP leave of 65535 bytes. */
const MAX_DATAGRAM_BYTES = 65_507

/** OpenSIPS writes this protocol into every MI trace, whatever the command came over. */
const TCP = 6

/** A message as long as a trace can be without its payload. */
const LONGEST_TRACE: HepMessageInput = {
  srcIp: '::',
  dstIp: '::',
  srcPort: 0,
  dstPort: 0,
  timeSec: 0,
  timeUsec: 0,
  payload: '',
  correlationId: `MICORR${'A'.repeat(28)}`,
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** A traced request, until its reply is traced. */
export class OpenTrace {
  constructor(
    readonly route: Route,
    readonly correlationId: string,
  ) {}
}

/** Writes the traces for one destination. */
export class TraceWriter {
  /** One for all messages: making one for each would cost as much as writing it. */
  private readonly message: Writable<HepMessageInput>
  private readonly encoding: HepEncodeOptions
  /** Bytes that every packet has for its payload, whatever the rest of it is. */
  private readonly room: number

  constructor(
    private readonly options: ResolvedDestination,
    private readonly destination: Pick<Destination, 'isOpen' | 'requests' | 'replies' | 'written' | 'drop'>,
  ) {
    const { version, captureId, authKey, v2Time, transport } = options
    this.message = { version, ipProto: TCP, protoType: HepProtocolType.MI, captureId, authKey }
    this.encoding = { v2Time }
    const largest = transport === 'udp' ? MAX_DATAGRAM_BYTES : MAX_PACKET_BYTES
    this.room = largest - encodeHep({ ...this.message, ...LONGEST_TRACE }, this.encoding).length
  }

  request(
    { route, correlationId }: OpenTrace,
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

  reply({ route, correlationId }: OpenTrace, clock: WallClock, text: string): void {
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
    // OpenSIPS writes no payload chunk for an empty one.
    message.payload = payload === '' ? undefined : payload
    this.destination.written(buffer, encodeHepInto(message, buffer.bytes, buffer.used, this.encoding))
  }
}
