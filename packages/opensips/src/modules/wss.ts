// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `wss`; from `proto_wss` in 3.5. */
export const wss = defineModule('wss', {
  /** `wss:trace`; `wss_trace` in 3.5. */
  trace: {
    aliases: ['wss_trace'],
    level: 'change',
    recipes: [{}, { trace_mode: 'string' }],
  },
})
