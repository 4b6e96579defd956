export type { DropMessage, ReplyMessage, RequestMessage, TraceMessage } from './channels.js'
export { createMi, type Mi } from './mi.js'
export type { Heritage, MiLimits, MiOptions, ProcessRole, ServerIdentity, SharedOptions } from './options.js'
export type {
  ListedProcess,
  OwnProcess,
  OwnStatistics,
  Processes,
  SelectableStatistics,
  StartChildren,
  StatisticKind,
} from './processes.js'
export type { Sample } from './statistics.js'
