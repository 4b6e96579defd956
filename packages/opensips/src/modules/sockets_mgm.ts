// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `sockets_mgm`, since 4.0. */
export const sockets_mgm = defineModule('sockets_mgm', {
  /** `sockets_mgm:reload`. Since 4.0. */
  reload: {
    aliases: ['sockets_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `sockets_mgm:list`. Since 4.0. */
  list: {
    aliases: ['sockets_list'],
    level: 'read',
    recipes: [{}],
  },
})
