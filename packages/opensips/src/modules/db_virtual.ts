// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `db_virtual`. */
export const db_virtual = defineModule('db_virtual', {
  /** `db_virtual:get`; `db_get` in 3.5. */
  get: {
    aliases: ['db_get'],
    level: 'read',
    recipes: [{}],
  },
  /** `db_virtual:set`; `db_set` in 3.5. */
  set: {
    aliases: ['db_set'],
    level: 'change',
    recipes: [
      { set_index: 'int', db_url_index: 'int', may_use_db_flag: 'int' },
      { set_index: 'int', db_url_index: 'int', may_use_db_flag: 'int', ingore_retries: 'int' },
    ],
  },
})
