// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `presence_dfks`. */
export const presence_dfks = defineModule('presence_dfks', {
  /** `presence_dfks:set_feature`; `dfks_set_feature` in 3.5. */
  set_feature: {
    aliases: ['dfks_set_feature'],
    level: 'change',
    recipes: [
      { presentity: 'string', feature: 'string', status: 'int' },
      { presentity: 'string', feature: 'string', status: 'int', values: 'string[]' },
      { presentity: 'string', feature: 'string', status: 'int', route_param: 'string' },
      { presentity: 'string', feature: 'string', status: 'int', route_param: 'string', values: 'string[]' },
    ],
  },
})
