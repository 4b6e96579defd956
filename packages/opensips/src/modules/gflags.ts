// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `gflags`. */
export const gflags = defineModule('gflags', {
  /** `gflags:set`; `set_gflag` in 3.5. */
  set: {
    aliases: ['set_gflag', 'gflags:set_gflag'],
    level: 'change',
    recipes: [{ bitmask: 'string' }],
  },
  /** `gflags:reset`; `reset_gflag` in 3.5. */
  reset: {
    aliases: ['reset_gflag', 'gflags:reset_gflag'],
    level: 'change',
    recipes: [{ bitmask: 'string' }],
  },
  /** `gflags:check`; `is_gflag` in 3.5. */
  check: {
    aliases: ['is_gflag', 'gflags:is_gflag'],
    level: 'read',
    recipes: [{ bitmask: 'string' }],
  },
  /** `gflags:get`; `get_gflags` in 3.5. */
  get: {
    aliases: ['get_gflags', 'gflags:get_gflags'],
    level: 'read',
    recipes: [{}],
  },
})
