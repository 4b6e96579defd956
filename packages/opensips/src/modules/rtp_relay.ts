// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `rtp_relay`. */
export const rtp_relay = defineModule('rtp_relay', {
  /** `rtp_relay:list`; `rtp_relay_list` in 3.5. */
  list: {
    aliases: ['rtp_relay_list'],
    level: 'read',
    recipes: [
      {},
      { engine: 'string' },
      { engine: 'string', set: 'int' },
      { engine: 'string', node: 'string' },
      { engine: 'string', set: 'int', node: 'string' },
    ],
  },
  /** `rtp_relay:update`; `rtp_relay_update` in 3.5. Answers later. */
  update: {
    aliases: ['rtp_relay_update'],
    level: 'change',
    recipes: [
      {},
      { engine: 'string' },
      { engine: 'string', set: 'int' },
      { engine: 'string', set: 'int', node: 'string' },
      { engine: 'string', set: 'int', new_set: 'int' },
      { engine: 'string', set: 'int', new_node: 'string' },
      { engine: 'string', set: 'int', new_set: 'int', new_node: 'string' },
      { engine: 'string', set: 'int', node: 'string', new_set: 'int' },
      { engine: 'string', set: 'int', node: 'string', new_node: 'string' },
      { engine: 'string', set: 'int', node: 'string', new_set: 'int', new_node: 'string' },
    ],
    async: true,
  },
  /** `rtp_relay:update_callid`; `rtp_relay_update_callid` in 3.5. Answers later. */
  update_callid: {
    aliases: ['rtp_relay_update_callid'],
    level: 'change',
    recipes: [
      { callid: 'string' },
      { callid: 'string', flags: 'string' },
      { callid: 'string', engine: 'string' },
      { callid: 'string', engine: 'string', flags: 'string' },
      { callid: 'string', engine: 'string', set: 'int' },
      { callid: 'string', engine: 'string', set: 'int', flags: 'string' },
      { callid: 'string', engine: 'string', set: 'int', node: 'string' },
      { callid: 'string', engine: 'string', set: 'int', node: 'string', flags: 'string' },
    ],
    async: true,
  },
})
