// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `b2b_sca`. */
export const b2b_sca = defineModule('b2b_sca', {
  /** `b2b_sca:list`; `sca_list` in 3.5. */
  list: {
    aliases: ['sca_list'],
    level: 'read',
    recipes: [{}],
  },
})
