// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `b2b_logic`. */
export const b2b_logic = defineModule('b2b_logic', {
  /** `b2b_logic:trigger_scenario`; `b2b_trigger_scenario` in 3.5. */
  trigger_scenario: {
    aliases: ['b2b_trigger_scenario'],
    level: 'change',
    recipes: [
      { scenario_id: 'string', entity1: 'string', entity2: 'string' },
      { scenario_id: 'string', entity1: 'string', entity2: 'string', context: 'string[]' },
    ],
  },
  /** `b2b_logic:bridge`; `b2b_bridge` in 3.5. */
  bridge: {
    aliases: ['b2b_bridge'],
    level: 'change',
    recipes: [
      { dialog_id: 'string', new_uri: 'string' },
      { dialog_id: 'string', new_uri: 'string', flag: 'int' },
      { dialog_id: 'string', new_uri: 'string', prov_media_uri: 'string' },
      { dialog_id: 'string', new_uri: 'string', flag: 'int', prov_media_uri: 'string' },
    ],
  },
  /** `b2b_logic:list`; `b2b_list` in 3.5. */
  list: {
    aliases: ['b2b_list'],
    level: 'read',
    recipes: [{}],
  },
  /** `b2b_logic:terminate_call`; `b2b_terminate_call` in 3.5. */
  terminate_call: {
    aliases: ['b2b_terminate_call'],
    level: 'change',
    recipes: [{ key: 'string' }],
  },
})
