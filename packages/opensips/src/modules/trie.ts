// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `trie`, since 4.0. */
export const trie = defineModule('trie', {
  /** `trie:reload`. Since 4.0. */
  reload: {
    aliases: ['trie_reload'],
    level: 'change',
    recipes: [{}, { partition_name: 'string' }],
  },
  /** `trie:search`. Since 4.0. Takes parameters by name only. */
  search: {
    aliases: ['trie_search'],
    level: 'read',
    recipes: [{ number: 'string' }, { partition_name: 'string', number: 'string' }],
    namedOnly: true,
  },
  /** `trie:reload_status`. Since 4.0. */
  reload_status: {
    aliases: ['trie_reload_status'],
    level: 'read',
    recipes: [{}, { partition_name: 'string' }],
  },
  /** `trie:number_delete`. Since 4.0. */
  number_delete: {
    aliases: ['trie_number_delete'],
    level: 'change',
    recipes: [{ partition_name: 'string', number: 'string[]' }],
  },
  /** `trie:number_upsert`. Since 4.0. */
  number_upsert: {
    aliases: ['trie_number_upsert'],
    level: 'change',
    recipes: [{ partition_name: 'string', number: 'string[]', attrs: 'string[]' }],
  },
})
