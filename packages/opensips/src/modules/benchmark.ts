// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `benchmark`. */
export const benchmark = defineModule('benchmark', {
  /** `benchmark:enable_global`; `bm_enable_global` in 3.5. */
  enable_global: {
    aliases: ['bm_enable_global'],
    level: 'change',
    recipes: [{ enable: 'int' }],
  },
  /** `benchmark:enable_timer`; `bm_enable_timer` in 3.5. */
  enable_timer: {
    aliases: ['bm_enable_timer'],
    level: 'change',
    recipes: [{ timer: 'string', enable: 'int' }],
  },
  /** `benchmark:granularity`; `bm_granularity` in 3.5. */
  granularity: {
    aliases: ['bm_granularity'],
    level: 'change',
    recipes: [{ granularity: 'int' }],
  },
  /** `benchmark:loglevel`; `bm_loglevel` in 3.5. */
  loglevel: {
    aliases: ['bm_loglevel'],
    level: 'change',
    recipes: [{ log_level: 'int' }],
  },
  /** `benchmark:poll_results`; `bm_poll_results` in 3.5. */
  poll_results: {
    aliases: ['bm_poll_results'],
    level: 'read',
    recipes: [{}],
  },
})
