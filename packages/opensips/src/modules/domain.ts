// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `domain`. */
export const domain = defineModule('domain', {
  /** `domain:reload`; `domain_reload` in 3.5. */
  reload: {
    aliases: ['domain_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `domain:dump`; `domain_dump` in 3.5. */
  dump: {
    aliases: ['domain_dump'],
    level: 'read',
    recipes: [{}],
  },
})
