// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `userblacklist`. */
export const userblacklist = defineModule('userblacklist', {
  /** `userblacklist:reload`; `reload_blacklist` in 3.5. */
  reload: {
    aliases: ['reload_blacklist'],
    level: 'change',
    recipes: [{}],
  },
})
