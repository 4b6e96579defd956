// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `bins`; from `proto_bins` in 3.5. */
export const bins = defineModule('bins', {
  /** `bins:trace`; `tls_trace` in 3.5. */
  trace: {
    aliases: ['tls_trace'],
    level: 'change',
    recipes: [{}, { trace_mode: 'string' }],
  },
})
