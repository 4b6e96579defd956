// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `pike`. */
export const pike = defineModule('pike', {
  /** `pike:list`; `pike_list` in 3.5. */
  list: {
    aliases: ['pike_list'],
    level: 'read',
    recipes: [{}],
  },
  /** `pike:rm`; `pike_rm` in 3.5. */
  rm: {
    aliases: ['pike_rm'],
    level: 'change',
    recipes: [{ ip: 'string' }],
  },
})
