export { decodeHep } from './codec/decode.js'
export { encodeHep, encodeHepInto } from './codec/encode.js'
export type { HepDecodeOptions, HepEncodeOptions, HepV2Time } from './codec/options.js'
export { hepPayloadText } from './codec/payload-text.js'
export { createHepStream, type HepStream, type HepStreamEvents } from './codec/stream.js'
export { createHepCollector, type HepCollector } from './collector/collector.js'
export type {
  HepArrival,
  HepCollectorCounts,
  HepCollectorEvents,
  HepMalformed,
  HepMiTrace,
  HepSender,
} from './collector/events.js'
export type { HepAddress } from './collector/listener.js'
export type { HepCollectorOptions, HepListenOptions, HepTlsListenOptions } from './collector/options.js'
export type { HepTransport } from './destination/hep-id.js'
export type { HepDestination, HepDestinationOptions, HepTraceOptions } from './destination/options.js'
export type { HepDestinationState, HepDestinationStatus } from './destination/status.js'
export { HepError, type HepErrorCode, type HepErrorPlace, isHepError } from './hep-error.js'
export type { HepChunk, HepFields, HepMessage, HepMessageInput, HepVersion } from './message.js'
export type { HepTraceFormat } from './mi/payload.js'
export type { HepMiRequest } from './mi/read-payload.js'
export { HepProtocolType } from './protocol-type.js'
export { hepModule, trace } from './tracer/module.js'
export { type HepTracer, type HepTracerOptions, hep } from './tracer/tracer.js'
