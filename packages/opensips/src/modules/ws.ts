// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `ws`; from `proto_ws` in 3.5. */
export const ws = defineModule('ws', {
  /** `ws:trace`; `ws_trace` in 3.5. */
  trace: {
    aliases: ['ws_trace'],
    level: 'change',
    recipes: [{}, { trace_mode: 'string' }],
  },
})
