export type { ClientOptions } from './client-options.js'
export { type ConnectOptions, connect } from './connect.js'
export { createClient } from './create-client.js'
export type { EventSubscription, MiEvent, MiEvents } from './events/events.js'
export type { EventParams, EventValue, KnownEvents, ParamsOfEvent } from './events/known-events.js'
export type { SubscribeOptions } from './events/options.js'
export { type FifoTransportOptions, fifo } from './fifo/fifo.js'
export { type HttpTlsOptions, type HttpTransportOptions, http } from './http/http.js'
export type {
  BatchAnswer,
  BatchAnswers,
  BatchCall,
  BatchOptions,
  CallArguments,
  CallOptions,
  CommandHelp,
  DiscoveryOptions,
  MiClient,
  ModuleClient,
  NotifyArguments,
  NotifyOptions,
} from './mi-client.js'
export type { ClientRequest, Middleware, RequestedCommand } from './middleware/middleware.js'
export { logRequests, measureRequests, type Observer, type RequestMeasurement } from './middleware/observe.js'
export type { RequestOutcome } from './middleware/outcome.js'
export { type RetryOptions, retry } from './middleware/retry.js'
export { type UdpTransportOptions, udp } from './udp/udp.js'
export { type UnixDatagramTransportOptions, unixDatagram } from './unix-datagram/unix-datagram.js'
