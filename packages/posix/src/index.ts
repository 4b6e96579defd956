export type {
  DatagramAddress,
  DatagramBatch,
  DatagramBinding,
  DatagramOptions,
  DatagramSocket,
  PeerCredentials,
  PeerFacts,
  PeerHandle,
} from './datagram.js'
export { DatagramPeer } from './datagram.js'
export { mkfifo, writeFifo } from './fifo.js'
export { posixSupport } from './load-addon.js'
export { openDatagram } from './open-datagram.js'
export { openSharedNumbers, type SharedNumbers } from './shared-numbers.js'
