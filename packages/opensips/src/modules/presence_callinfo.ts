// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `presence_callinfo`, since 4.0. */
export const presence_callinfo = defineModule('presence_callinfo', {
  /** `presence_callinfo:list_lines`. Since 4.0. */
  list_lines: {
    aliases: ['sca_list_lines'],
    level: 'read',
    recipes: [{}, { sca_line: 'string' }],
  },
  /** `presence_callinfo:release_line`. Since 4.0. */
  release_line: {
    aliases: ['sca_release_line'],
    level: 'change',
    recipes: [{ sca_line: 'string' }, { sca_line: 'string', sca_index: 'int' }],
  },
  /** `presence_callinfo:set_log_level`. Since 4.0. */
  set_log_level: {
    aliases: ['sca_set_log_level'],
    level: 'change',
    recipes: [{}, { log_level: 'int' }],
  },
})
