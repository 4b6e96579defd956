// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `carrierroute`. */
export const carrierroute = defineModule('carrierroute', {
  /** `carrierroute:reload_routes`; `cr_reload_routes` in 3.5. */
  reload_routes: {
    aliases: ['cr_reload_routes'],
    level: 'change',
    recipes: [{}],
  },
  /** `carrierroute:dump_routes`; `cr_dump_routes` in 3.5. */
  dump_routes: {
    aliases: ['cr_dump_routes'],
    level: 'read',
    recipes: [{}],
  },
  /** `carrierroute:replace_host`; `cr_replace_host` in 3.5. */
  replace_host: {
    aliases: ['cr_replace_host'],
    level: 'change',
    recipes: [{ options: 'string' }],
  },
  /** `carrierroute:deactivate_host`; `cr_deactivate_host` in 3.5. */
  deactivate_host: {
    aliases: ['cr_deactivate_host'],
    level: 'change',
    recipes: [{ options: 'string' }],
  },
  /** `carrierroute:activate_host`; `cr_activate_host` in 3.5. */
  activate_host: {
    aliases: ['cr_activate_host'],
    level: 'change',
    recipes: [{ options: 'string' }],
  },
  /** `carrierroute:add_host`; `cr_add_host` in 3.5. */
  add_host: {
    aliases: ['cr_add_host'],
    level: 'change',
    recipes: [{ options: 'string' }],
  },
  /** `carrierroute:delete_host`; `cr_delete_host` in 3.5. */
  delete_host: {
    aliases: ['cr_delete_host'],
    level: 'change',
    recipes: [{ options: 'string' }],
  },
})
