export type { AllowedPeers, AllowedUsers } from './allow.js'
export type { DatagramServerOptions } from './options.js'
export { datagram } from './server.js'
