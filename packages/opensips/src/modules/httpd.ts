// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `httpd`. */
export const httpd = defineModule('httpd', {
  /** `httpd:list_root_path`; `httpd_list_root_path` in 3.5. */
  list_root_path: {
    aliases: ['httpd_list_root_path'],
    level: 'read',
    recipes: [{}],
  },
})
