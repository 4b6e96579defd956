// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `regex`. */
export const regex = defineModule('regex', {
  /** `regex:reload`; `regex_reload` in 3.5. */
  reload: {
    aliases: ['regex_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `regex:match`; `regex_match` in 3.5. */
  match: {
    aliases: ['regex_match'],
    level: 'read',
    recipes: [{ string: 'string', pcre_regex: 'string' }],
  },
  /** `regex:match_group`; `regex_match_group` in 3.5. */
  match_group: {
    aliases: ['regex_match_group'],
    level: 'read',
    recipes: [{ string: 'string', group: 'string' }],
  },
})
