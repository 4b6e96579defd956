// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `cachedb_local`. */
export const cachedb_local = defineModule('cachedb_local', {
  /** `cachedb_local:remove_chunk`; `cache_remove_chunk` in 3.5. */
  remove_chunk: {
    aliases: ['cache_remove_chunk'],
    level: 'change',
    recipes: [{ glob: 'string' }, { glob: 'string', collection: 'string' }],
  },
  /** `cachedb_local:fetch_chunk`; `cache_fetch_chunk` in 3.5. */
  fetch_chunk: {
    aliases: ['cache_fetch_chunk'],
    level: 'read',
    recipes: [{ glob: 'string' }, { glob: 'string', collection: 'string' }],
  },
})
