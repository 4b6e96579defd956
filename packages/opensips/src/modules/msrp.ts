// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `msrp`; from `proto_msrp` in 3.5. */
export const msrp = defineModule('msrp', {
  /** `msrp:trace`; `msrp_trace` in 3.5. */
  trace: {
    aliases: ['msrp_trace'],
    level: 'change',
    recipes: [{}, { trace_mode: 'string' }],
  },
})
