// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `db_text`. */
export const db_text = defineModule('db_text', {
  /** `db_text:dump`; `dbt_dump` in 3.5. */
  dump: {
    aliases: ['dbt_dump'],
    level: 'read',
    recipes: [{}],
  },
  /** `db_text:reload`; `dbt_reload` in 3.5. */
  reload: {
    aliases: ['dbt_reload'],
    level: 'change',
    recipes: [{}, { db_name: 'string' }, { db_name: 'string', table_name: 'string' }],
  },
})
