// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule, statisticsContract } from '@mi/contract'
import { withResults } from '../with-results.js'

/** The commands of `statistics`. */
export const statistics = defineModule(
  'statistics',
  withResults(statisticsContract, {
    /** `statistics:get`; `get_statistics` in 3.5. */
    get: {
      aliases: ['get_statistics'],
      level: 'read',
      recipes: [{ statistics: 'string[]' }],
    },
    /** `statistics:list`; `list_statistics` in 3.5. */
    list: {
      aliases: ['list_statistics'],
      level: 'read',
      recipes: [{}, { statistics: 'string[]' }],
    },
    /** `statistics:reset`; `reset_statistics` in 3.5. */
    reset: {
      aliases: ['reset_statistics'],
      level: 'change',
      recipes: [{ statistics: 'string[]' }],
    },
    /** `statistics:reset_all`; `reset_all_statistics` in 3.5. */
    reset_all: {
      aliases: ['reset_all_statistics'],
      level: 'change',
      recipes: [{}],
    },
  }),
)
