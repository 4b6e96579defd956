// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `cache`; from `core` in 3.5. */
export const cache = defineModule('cache', {
  /** `cache:store`; `cache_store` in 3.5. */
  store: {
    aliases: ['cache_store'],
    level: 'change',
    recipes: [
      { system: 'string', attr: 'string', value: 'string' },
      { system: 'string', attr: 'string', value: 'string', expire: 'int' },
    ],
  },
  /** `cache:fetch`; `cache_fetch` in 3.5. */
  fetch: {
    aliases: ['cache_fetch'],
    level: 'read',
    recipes: [{ system: 'string', attr: 'string' }],
  },
  /** `cache:remove`; `cache_remove` in 3.5. */
  remove: {
    aliases: ['cache_remove'],
    level: 'change',
    recipes: [{ system: 'string', attr: 'string' }],
  },
})
