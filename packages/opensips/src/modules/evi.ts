// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule, oneOf } from '@mi/contract'

/** The commands of `evi`; from `core` in 3.5. */
export const evi = defineModule('evi', {
  /** `evi:subscribe`; `event_subscribe` in 3.5. */
  subscribe: {
    aliases: ['event_subscribe'],
    level: 'change',
    recipes: [
      { event: 'string', socket: 'string' },
      { event: 'string', socket: 'string', expire: 'int' },
    ],
  },
  /** `evi:list`; `events_list` in 3.5. */
  list: {
    aliases: ['events_list'],
    level: 'read',
    recipes: [{}],
  },
  /** `evi:subscribers`; `subscribers_list` in 3.5. */
  subscribers: {
    aliases: ['subscribers_list'],
    level: 'change',
    recipes: [{}, { event: 'string' }, { event: 'string', socket: 'string' }],
  },
  /** `evi:raise`; `raise_event` in 3.5. */
  raise: {
    aliases: ['raise_event'],
    level: 'change',
    recipes: [{ event: 'string' }, { event: 'string', params: oneOf('string', 'string[]') }],
  },
})
