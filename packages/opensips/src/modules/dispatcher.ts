// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `dispatcher`. */
export const dispatcher = defineModule('dispatcher', {
  /** `dispatcher:set_state`; `ds_set_state` in 3.5. */
  set_state: {
    aliases: ['ds_set_state'],
    level: 'change',
    recipes: [{ state: 'string', group: 'string', address: 'string' }],
  },
  /** `dispatcher:list`; `ds_list` in 3.5. */
  list: {
    aliases: ['ds_list'],
    level: 'read',
    recipes: [{}, { partition: 'string' }, { full: 'int' }, { full: 'int', partition: 'string' }],
  },
  /** `dispatcher:reload`; `ds_reload` in 3.5. */
  reload: {
    aliases: ['ds_reload'],
    level: 'change',
    recipes: [{}, { inherit_state: 'bool' }, { partition: 'string' }, { partition: 'string', inherit_state: 'bool' }],
  },
  /** `dispatcher:push_script_attrs`; `ds_push_script_attrs` in 3.5. */
  push_script_attrs: {
    aliases: ['ds_push_script_attrs'],
    level: 'change',
    recipes: [
      { attrs: 'string', ip: 'string', port: 'int', set: 'int' },
      { attrs: 'string', ip: 'string', port: 'int', set: 'int', partition: 'string' },
    ],
  },
})
