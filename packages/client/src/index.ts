export { type ClientOptions, createClient } from './create-client.js'
export type { EventParams, EventValue, KnownEvents, ParamsOfEvent } from './events/known-events.js'
export type { SubscribeOptions } from './events/options.js'
export type { ClientRequest, Middleware, RequestedCommand } from './middleware/middleware.js'
export {
  logRequests,
  measureRequests,
  type Observer,
  type RequestMeasurement,
  type RequestOutcome,
} from './middleware/observe.js'
export { type RetryOptions, retry } from './middleware/retry.js'
export { type ExactNumber, exactJson, isExactNumber, type NumberReading } from './numbers.js'
export type {
  BatchCall,
  BatchOptions,
  BatchReplies,
  BatchReply,
  CallArguments,
  CallOptions,
  CommandHelp,
  DiscoveryOptions,
  EventSubscription,
  MiClient,
  MiEvent,
  MiEvents,
  ModuleClient,
  NotifyArguments,
  NotifyOptions,
  ResultOfTarget,
  Target,
} from './types.js'
