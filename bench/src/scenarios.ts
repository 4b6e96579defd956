import { clientScenario } from './client-scenario.js'
import { hepScenario } from './hep-scenario.js'
import { httpMemoryScenario, httpScenario } from './http-scenario.js'
import { memoryScenario } from './memory-scenario.js'
import type { Scenario } from './scenario.js'
import { scriptScenario } from './script-scenario.js'
import { tracedScenario } from './traced-scenario.js'
import { transportScenario } from './transport-scenario.js'

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  transportScenario({ kind: 'fifo', window: 32, share: 0.65, latency: 1.15 }),
  transportScenario({ kind: 'udp', window: 64, share: 1.05, latency: 1.15 }),
  transportScenario({ kind: 'unix', window: 8, share: 0.8, latency: 1.15 }),
  httpScenario,
  clientScenario,
  hepScenario,
  tracedScenario,
  scriptScenario,
  memoryScenario,
  httpMemoryScenario,
]
