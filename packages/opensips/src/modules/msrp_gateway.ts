// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `msrp_gateway`. */
export const msrp_gateway = defineModule('msrp_gateway', {
  /** `msrp_gateway:end_session`; `msrp_gw_end_session` in 3.5. */
  end_session: {
    aliases: ['msrp_gw_end_session'],
    level: 'change',
    recipes: [{ key: 'string' }],
  },
  /** `msrp_gateway:list_sessions`; `msrp_gw_list_sessions` in 3.5. */
  list_sessions: {
    aliases: ['msrp_gw_list_sessions'],
    level: 'read',
    recipes: [{}],
  },
})
