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
export { type UdpTransportOptions, udp } from './udp/udp.js'
export { type UnixDatagramTransportOptions, unixDatagram } from './unix-datagram/unix-datagram.js'
