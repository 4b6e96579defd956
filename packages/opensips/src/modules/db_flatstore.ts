// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `db_flatstore`. */
export const db_flatstore = defineModule('db_flatstore', {
  /** `db_flatstore:rotate`; `flat_rotate` in 3.5. */
  rotate: {
    aliases: ['flat_rotate'],
    level: 'change',
    recipes: [{}],
  },
})
