// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `fraud_detection`. */
export const fraud_detection = defineModule('fraud_detection', {
  /** `fraud_detection:show_stats`; `show_fraud_stats` in 3.5. */
  show_stats: {
    aliases: ['show_fraud_stats'],
    level: 'read',
    recipes: [{ user: 'string', prefix: 'string' }],
  },
  /** `fraud_detection:reload`; `fraud_reload` in 3.5. */
  reload: {
    aliases: ['fraud_reload'],
    level: 'change',
    recipes: [{}],
  },
})
