// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `tls_mgm`. */
export const tls_mgm = defineModule('tls_mgm', {
  /** `tls_mgm:reload`; `tls_reload` in 3.5. */
  reload: {
    aliases: ['tls_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `tls_mgm:list`; `tls_list` in 3.5. */
  list: {
    aliases: ['tls_list'],
    level: 'read',
    recipes: [{}],
  },
})
