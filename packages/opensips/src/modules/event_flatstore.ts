// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `event_flatstore`. */
export const event_flatstore = defineModule('event_flatstore', {
  /** `event_flatstore:rotate`; `evi_flat_rotate` in 3.5. */
  rotate: {
    aliases: ['evi_flat_rotate'],
    level: 'change',
    recipes: [{ path_to_file: 'string' }],
  },
})
