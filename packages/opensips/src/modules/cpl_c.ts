// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `cpl_c`. */
export const cpl_c = defineModule('cpl_c', {
  /** `cpl_c:load`; `LOAD_CPL` in 3.5. */
  load: {
    aliases: ['LOAD_CPL'],
    level: 'change',
    recipes: [{ username: 'string', cpl_filename: 'string' }],
  },
  /** `cpl_c:remove`; `REMOVE_CPL` in 3.5. */
  remove: {
    aliases: ['REMOVE_CPL'],
    level: 'change',
    recipes: [{ username: 'string' }],
  },
  /** `cpl_c:get`; `GET_CPL` in 3.5. */
  get: {
    aliases: ['GET_CPL'],
    level: 'read',
    recipes: [{ username: 'string' }],
  },
})
