// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `presence`. */
export const presence = defineModule('presence', {
  /** `presence:refresh_watchers`; `refresh_watchers`, `refreshWatchers` in 3.5. */
  refresh_watchers: {
    aliases: ['refreshWatchers'],
    level: 'change',
    recipes: [{ presentity_uri: 'string', event: 'string', refresh_type: 'int' }],
  },
  /** `presence:cleanup`; `cleanup` in 3.5. */
  cleanup: {
    level: 'change',
    recipes: [{}],
  },
  /** `presence:expose`; `pres_expose` in 3.5. */
  expose: {
    aliases: ['pres_expose'],
    level: 'change',
    recipes: [{ event: 'string' }, { event: 'string', filter: 'string' }],
  },
  /** `presence:phtable_list`; `pres_phtable_list` in 3.5. */
  phtable_list: {
    aliases: ['pres_phtable_list'],
    level: 'read',
    recipes: [{}],
  },
  /** `presence:subs_phtable_list`; `subs_phtable_list` in 3.5. */
  subs_phtable_list: {
    level: 'read',
    recipes: [{}, { from: 'string', to: 'string' }],
  },
})
