// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `tcp_mgm`. */
export const tcp_mgm = defineModule('tcp_mgm', {
  /** `tcp_mgm:reload`; `tcp_reload` in 3.5. */
  reload: {
    aliases: ['tcp_reload'],
    level: 'change',
    recipes: [{}],
  },
})
