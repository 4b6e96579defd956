// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `imc`. */
export const imc = defineModule('imc', {
  /** `imc:list_rooms`; `imc_list_rooms` in 3.5. */
  list_rooms: {
    aliases: ['imc_list_rooms'],
    level: 'read',
    recipes: [{}],
  },
  /** `imc:list_members`; `imc_list_members` in 3.5. */
  list_members: {
    aliases: ['imc_list_members'],
    level: 'read',
    recipes: [{ room: 'string' }],
  },
})
