export type { DropMessage, ReplyMessage, RequestMessage, TraceMessage } from './channels.js'
export { createMi, type Mi } from './mi.js'
export type { MiLimits, MiOptions, ServerIdentity } from './options.js'
