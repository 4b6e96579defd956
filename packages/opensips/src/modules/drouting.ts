// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `drouting`. */
export const drouting = defineModule('drouting', {
  /** `drouting:reload`; `dr_reload` in 3.5. */
  reload: {
    aliases: ['dr_reload'],
    level: 'change',
    recipes: [
      {},
      { inherit_state: 'bool' },
      { partition_name: 'string' },
      { partition_name: 'string', inherit_state: 'bool' },
    ],
  },
  /** `drouting:gw_status`; `dr_gw_status` in 3.5. Takes parameters by name only. */
  gw_status: {
    aliases: ['dr_gw_status'],
    level: 'change',
    recipes: [
      {},
      { partition_name: 'string' },
      { gw_id: 'string' },
      { gw_id: 'string', status: 'int' },
      { partition_name: 'string', gw_id: 'string' },
      { partition_name: 'string', gw_id: 'string', status: 'int' },
    ],
    namedOnly: true,
  },
  /** `drouting:carrier_status`; `dr_carrier_status` in 3.5. Takes parameters by name only. */
  carrier_status: {
    aliases: ['dr_carrier_status'],
    level: 'change',
    recipes: [
      {},
      { partition_name: 'string' },
      { carrier_id: 'string' },
      { carrier_id: 'string', status: 'int' },
      { partition_name: 'string', carrier_id: 'string' },
      { partition_name: 'string', carrier_id: 'string', status: 'int' },
    ],
    namedOnly: true,
  },
  /** `drouting:number_routing`; `dr_number_routing` in 3.5. Takes parameters by name only. */
  number_routing: {
    aliases: ['dr_number_routing'],
    level: 'read',
    recipes: [
      { number: 'string' },
      { group_id: 'int', number: 'string' },
      { partition_name: 'string', number: 'string' },
      { partition_name: 'string', group_id: 'int', number: 'string' },
    ],
    namedOnly: true,
  },
  /** `drouting:reload_status`; `dr_reload_status` in 3.5. */
  reload_status: {
    aliases: ['dr_reload_status'],
    level: 'read',
    recipes: [{}, { partition_name: 'string' }],
  },
  /** `drouting:enable_probing`; `dr_enable_probing` in 3.5. */
  enable_probing: {
    aliases: ['dr_enable_probing'],
    level: 'change',
    recipes: [{}, { status: 'int' }],
  },
})
