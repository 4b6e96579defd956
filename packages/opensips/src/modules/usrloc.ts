// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `usrloc`. */
export const usrloc = defineModule('usrloc', {
  /** `usrloc:rm`; `ul_rm` in 3.5. */
  rm: {
    aliases: ['ul_rm'],
    level: 'change',
    recipes: [{ table_name: 'string', aor: 'string' }],
  },
  /** `usrloc:rm_contact`; `ul_rm_contact` in 3.5. */
  rm_contact: {
    aliases: ['ul_rm_contact'],
    level: 'change',
    recipes: [{ table_name: 'string', aor: 'string', contact: 'string' }],
  },
  /** `usrloc:dump`; `ul_dump` in 3.5. */
  dump: {
    aliases: ['ul_dump'],
    level: 'read',
    recipes: [{}, { brief: 'int' }],
  },
  /** `usrloc:flush`; `ul_flush` in 3.5. */
  flush: {
    aliases: ['ul_flush'],
    level: 'change',
    recipes: [{}],
  },
  /** `usrloc:add`; `ul_add` in 3.5. */
  add: {
    aliases: ['ul_add'],
    level: 'change',
    recipes: [
      {
        table_name: 'string',
        aor: 'string',
        contact: 'string',
        expires: 'int',
        q: 'string',
        flags: 'int',
        cflags: 'int',
        methods: 'int',
      },
    ],
  },
  /** `usrloc:show_contact`; `ul_show_contact` in 3.5. */
  show_contact: {
    aliases: ['ul_show_contact'],
    level: 'read',
    recipes: [{ table_name: 'string', aor: 'string' }],
  },
  /** `usrloc:sync`; `ul_sync` in 3.5. */
  sync: {
    aliases: ['ul_sync'],
    level: 'change',
    recipes: [{ table_name: 'string' }, { table_name: 'string', aor: 'string' }],
  },
  /** `usrloc:cluster_sync`; `ul_cluster_sync` in 3.5. */
  cluster_sync: {
    aliases: ['ul_cluster_sync'],
    level: 'change',
    recipes: [{}],
  },
})
