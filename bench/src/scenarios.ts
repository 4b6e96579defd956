import { fifoScenario } from './fifo-scenario.js'
import { memoryScenario } from './memory-scenario.js'
import type { Scenario } from './scenario.js'

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [fifoScenario, memoryScenario]
