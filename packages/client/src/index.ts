export type { ClientOptions } from './client-options.js'
export { createClient } from './create-client.js'
export { type FifoTransportOptions, fifo } from './fifo/fifo.js'
export type {
  BatchAnswer,
  BatchAnswers,
  BatchCall,
  BatchOptions,
  CallArguments,
  CallOptions,
  MiClient,
  ModuleClient,
  NotifyArguments,
  NotifyOptions,
} from './mi-client.js'
