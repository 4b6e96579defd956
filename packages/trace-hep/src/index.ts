export type { HepDecodeOptions, HepEncodeOptions, HepV2Time } from './codec/codec-options.js'
export { createHepStream, decodeHep, type HepStream, type HepStreamEvents, hepPayloadText } from './codec/decode.js'
export { encodeHep, encodeHepInto } from './codec/encode.js'
export type {
  HepArrival,
  HepCollectorCounts,
  HepCollectorEvents,
  HepMalformed,
  HepSender,
} from './collector/arrivals.js'
export type { HepAddress } from './collector/capture-sockets.js'
export { createHepCollector, type HepCollector } from './collector/collector.js'
export type { HepCollectorOptions, HepListenOptions, HepTlsListenOptions } from './collector/collector-options.js'
export type { HepMiRequest, HepMiTrace } from './collector/mi-traces.js'
export type { HepDestinationState, HepDestinationStatus } from './destination/destination.js'
export type {
  HepDestination,
  HepDestinationOptions,
  HepTraceOptions,
  HepTracerOptions,
} from './destination/destination-options.js'
export type { HepTransport } from './destination/hep-id.js'
export { HepError, type HepErrorCode, type HepErrorPlace, isHepError } from './hep-error.js'
export {
  type HepChunk,
  type HepFields,
  type HepMessage,
  type HepMessageInput,
  HepProtocolType,
  type HepVersion,
} from './message.js'
export { hepModule, trace } from './tracer/trace-module.js'
export type { HepTraceFormat } from './tracer/trace-payload.js'
export { type HepTracer, hep } from './tracer/tracer.js'
