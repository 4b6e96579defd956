// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `aaa_diameter`. */
export const aaa_diameter = defineModule('aaa_diameter', {
  /** `aaa_diameter:fd_log_level`; `fd_log_level` in 3.5. It has no recipe: servers refuse every call. */
  fd_log_level: {
    level: 'change',
    recipes: [],
  },
})
