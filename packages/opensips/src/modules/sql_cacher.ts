// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `sql_cacher`. */
export const sql_cacher = defineModule('sql_cacher', {
  /** `sql_cacher:reload`; `sql_cacher_reload` in 3.5. */
  reload: {
    aliases: ['sql_cacher_reload'],
    level: 'change',
    recipes: [{ id: 'string' }, { id: 'string', key: 'string' }],
  },
})
