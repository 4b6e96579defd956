export type { CommandMessage, DropMessage, TraceMessage } from './channels.js'
export type { Mi, MiStatistics } from './mi.js'
export { createMi } from './mi-engine.js'
export type {
  Heritage,
  MiLimits,
  MiOptions,
  PeerLimits,
  ProcessRole,
  ServerIdentity,
  SharedOptions,
} from './options.js'
export type {
  ListedProcess,
  OwnProcess,
  OwnStatistics,
  Processes,
  SelectableStatistics,
  StartChildren,
  StatisticKind,
} from './processes.js'
export type { Sample, StatisticSample } from './statistics.js'
