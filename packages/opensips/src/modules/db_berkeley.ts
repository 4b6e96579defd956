// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `db_berkeley`. */
export const db_berkeley = defineModule('db_berkeley', {
  /** `db_berkeley:reload`; `bdb_reload` in 3.5. */
  reload: {
    aliases: ['bdb_reload'],
    level: 'change',
    recipes: [{ table_path: 'string' }],
  },
})
