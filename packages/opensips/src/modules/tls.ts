// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `tls`; from `proto_tls` in 3.5. */
export const tls = defineModule('tls', {
  /** `tls:trace`; `tls_trace` in 3.5. */
  trace: {
    aliases: ['tls_trace'],
    level: 'change',
    recipes: [{}, { trace_mode: 'string' }],
  },
})
