// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `dialplan`. */
export const dialplan = defineModule('dialplan', {
  /** `dialplan:reload`; `dp_reload` in 3.5. */
  reload: {
    aliases: ['dp_reload'],
    level: 'change',
    recipes: [{}, { partition: 'string' }],
  },
  /** `dialplan:translate`; `dp_translate` in 3.5. */
  translate: {
    aliases: ['dp_translate'],
    level: 'read',
    recipes: [
      { dpid: 'string', input: 'string' },
      { dpid: 'string', input: 'string', partition: 'string' },
    ],
  },
  /** `dialplan:show_partition`; `dp_show_partition` in 3.5. */
  show_partition: {
    aliases: ['dp_show_partition'],
    level: 'read',
    recipes: [{}, { partition: 'string' }],
  },
})
