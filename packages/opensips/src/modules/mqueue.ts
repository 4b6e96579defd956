// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `mqueue`. */
export const mqueue = defineModule('mqueue', {
  /** `mqueue:get_sizes`; `mq_get_sizes` in 3.5. */
  get_sizes: {
    aliases: ['mq_get_sizes'],
    level: 'read',
    recipes: [{}],
  },
  /** `mqueue:get_size`; `mq_get_size` in 3.5. */
  get_size: {
    aliases: ['mq_get_size'],
    level: 'read',
    recipes: [{ name: 'string' }],
  },
  /** `mqueue:fetch`; `mq_fetch` in 3.5. */
  fetch: {
    aliases: ['mq_fetch'],
    level: 'change',
    recipes: [
      { name: 'string' },
      // since 4.0
      { name: 'string', limit: 'int' },
    ],
  },
})
