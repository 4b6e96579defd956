// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `clusterer`. */
export const clusterer = defineModule('clusterer', {
  /** `clusterer:reload`; `clusterer_reload` in 3.5. */
  reload: {
    aliases: ['clusterer_reload'],
    level: 'admin',
    recipes: [{}],
  },
  /** `clusterer:set_status`; `clusterer_set_status` in 3.5. */
  set_status: {
    aliases: ['clusterer_set_status'],
    level: 'admin',
    recipes: [
      { cluster_id: 'int', status: 'int' },
      { cluster_id: 'int', node_id: 'int', status: 'int' },
    ],
  },
  /** `clusterer:list`; `clusterer_list` in 3.5. */
  list: {
    aliases: ['clusterer_list'],
    level: 'read',
    recipes: [{}],
  },
  /** `clusterer:list_topology`; `clusterer_list_topology` in 3.5. */
  list_topology: {
    aliases: ['clusterer_list_topology'],
    level: 'read',
    recipes: [{}],
  },
  /** `clusterer:send_mi`; `cluster_send_mi` in 3.5. */
  send_mi: {
    aliases: ['cluster_send_mi'],
    level: 'admin',
    recipes: [
      { cluster_id: 'int', destination: 'int', cmd_name: 'string' },
      { cluster_id: 'int', destination: 'int', cmd_name: 'string', cmd_params: 'string[]' },
    ],
  },
  /** `clusterer:broadcast_mi`; `cluster_broadcast_mi` in 3.5. */
  broadcast_mi: {
    aliases: ['cluster_broadcast_mi'],
    level: 'admin',
    recipes: [
      { cluster_id: 'int', cmd_name: 'string' },
      { cluster_id: 'int', cmd_name: 'string', cmd_params: 'string[]' },
    ],
  },
  /** `clusterer:list_cap`; `clusterer_list_cap` in 3.5. */
  list_cap: {
    aliases: ['clusterer_list_cap'],
    level: 'read',
    recipes: [{}],
  },
  /** `clusterer:set_cap_status`; `clusterer_set_cap_status` in 3.5. */
  set_cap_status: {
    aliases: ['clusterer_set_cap_status'],
    level: 'admin',
    recipes: [{ cluster_id: 'int', capability: 'string', status: 'int' }],
  },
  /** `clusterer:list_shtags`; `clusterer_list_shtags` in 3.5. */
  list_shtags: {
    aliases: ['clusterer_list_shtags'],
    level: 'read',
    recipes: [{}],
  },
  /** `clusterer:shtag_set_active`; `clusterer_shtag_set_active` in 3.5. */
  shtag_set_active: {
    aliases: ['clusterer_shtag_set_active'],
    level: 'admin',
    recipes: [{ tag: 'string' }],
  },
  /** `clusterer:remove_node`; `clusterer_remove_node` in 3.5. */
  remove_node: {
    aliases: ['clusterer_remove_node'],
    level: 'admin',
    recipes: [{ cluster_id: 'int', node_id: 'int' }],
  },
})
