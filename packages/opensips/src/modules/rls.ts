// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `rls`. */
export const rls = defineModule('rls', {
  /** `rls:update_subscriptions`; `rls_update_subscriptions` in 3.5. */
  update_subscriptions: {
    aliases: ['rls_update_subscriptions'],
    level: 'change',
    recipes: [{ presentity_uri: 'string' }],
  },
})
