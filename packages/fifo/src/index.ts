export type { FifoOptions } from './options.js'
export { fifo } from './server.js'
