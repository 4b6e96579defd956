// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `cachedb_redis`, since 4.0. */
export const cachedb_redis = defineModule('cachedb_redis', {
  /** `cachedb_redis:redis_cluster_info`. Since 4.0. Takes parameters by name only. */
  redis_cluster_info: {
    level: 'read',
    recipes: [{}, { group: 'string' }],
    namedOnly: true,
  },
  /** `cachedb_redis:redis_cluster_refresh`. Since 4.0. Takes parameters by name only. */
  redis_cluster_refresh: {
    level: 'change',
    recipes: [{}, { group: 'string' }],
    namedOnly: true,
  },
  /** `cachedb_redis:redis_ping_nodes`. Since 4.0. Takes parameters by name only. */
  redis_ping_nodes: {
    level: 'change',
    recipes: [{}, { group: 'string' }],
    namedOnly: true,
  },
})
