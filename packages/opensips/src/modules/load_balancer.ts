// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `load_balancer`. */
export const load_balancer = defineModule('load_balancer', {
  /** `load_balancer:reload`; `lb_reload` in 3.5. */
  reload: {
    aliases: ['lb_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `load_balancer:resize`; `lb_resize` in 3.5. */
  resize: {
    aliases: ['lb_resize'],
    level: 'change',
    recipes: [{ destination_id: 'int', res_name: 'string', new_capacity: 'int' }],
  },
  /** `load_balancer:list`; `lb_list` in 3.5. */
  list: {
    aliases: ['lb_list'],
    level: 'read',
    recipes: [{}],
  },
  /** `load_balancer:status`; `lb_status` in 3.5. */
  status: {
    aliases: ['lb_status'],
    level: 'change',
    recipes: [{ destination_id: 'int' }, { destination_id: 'int', new_status: 'int' }],
  },
})
