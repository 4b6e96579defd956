// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `freeswitch_scripting`. */
export const freeswitch_scripting = defineModule('freeswitch_scripting', {
  /** `freeswitch_scripting:subscribe`; `fs_subscribe` in 3.5. */
  subscribe: {
    aliases: ['fs_subscribe'],
    level: 'change',
    recipes: [{ freeswitch_url: 'string', events: 'string[]' }],
  },
  /** `freeswitch_scripting:unsubscribe`; `fs_unsubscribe` in 3.5. */
  unsubscribe: {
    aliases: ['fs_unsubscribe'],
    level: 'change',
    recipes: [{ freeswitch_url: 'string', events: 'string[]' }],
  },
  /** `freeswitch_scripting:list`; `fs_list` in 3.5. */
  list: {
    aliases: ['fs_list'],
    level: 'read',
    recipes: [{}],
  },
  /** `freeswitch_scripting:reload`; `fs_reload` in 3.5. */
  reload: {
    aliases: ['fs_reload'],
    level: 'change',
    recipes: [{}],
  },
})
