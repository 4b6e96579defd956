// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `tcp`; from `core`, `proto_tcp` in 3.5. */
export const tcp = defineModule('tcp', {
  /** `tcp:list`; `list_tcp_conns` in 3.5. */
  list: {
    aliases: ['list_tcp_conns'],
    level: 'read',
    recipes: [
      {},
      // since 4.0
      { proto: 'string' },
    ],
  },
  /** `tcp:close`. Since 4.0. */
  close: {
    level: 'change',
    recipes: [{ ipport: 'string' }],
  },
  /** `tcp:trace`; `tcp_trace` in 3.5. */
  trace: {
    aliases: ['tcp_trace'],
    level: 'change',
    recipes: [{}, { trace_mode: 'string' }],
  },
})
