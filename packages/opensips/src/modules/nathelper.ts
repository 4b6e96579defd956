// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `nathelper`. */
export const nathelper = defineModule('nathelper', {
  /** `nathelper:enable_ping`; `nh_enable_ping` in 3.5. */
  enable_ping: {
    aliases: ['nh_enable_ping'],
    level: 'change',
    recipes: [{}, { status: 'int' }],
  },
})
