export { probe } from './contract.js'
export { type ProbeOptions, probeModule } from './module.js'
export type { Target } from './targets.js'
