// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule, schema } from '@mi/contract'

/** The commands of `callops`. */
export const callops = defineModule('callops', {
  /** `callops:transfer`; `call_transfer` in 3.5. */
  transfer: {
    aliases: ['call_transfer'],
    level: 'change',
    recipes: [
      { callid: 'string', leg: 'string', destination: 'string' },
      { callid: 'string', leg: 'string', transfer_callid: 'string', transfer_leg: 'string' },
      { callid: 'string', leg: 'string', transfer_callid: 'string', transfer_leg: 'string', destination: 'string' },
      {
        callid: 'string',
        leg: 'string',
        transfer_callid: 'string',
        transfer_fromtag: 'string',
        transfer_totag: 'string',
        transfer_destination: schema<unknown>({}),
      },
    ],
  },
  /** `callops:hold`; `call_hold` in 3.5. */
  hold: {
    aliases: ['call_hold'],
    level: 'change',
    recipes: [
      { callid: 'string' },
      // since 4.0
      { callid: 'string', leg: 'string' },
      // since 4.0
      { callid: 'string', leg: 'string', headers: schema<unknown>({}) },
    ],
  },
  /** `callops:unhold`; `call_unhold` in 3.5. */
  unhold: {
    aliases: ['call_unhold'],
    level: 'change',
    recipes: [
      { callid: 'string' },
      // since 4.0
      { callid: 'string', leg: 'string' },
      // since 4.0
      { callid: 'string', leg: 'string', headers: schema<unknown>({}) },
    ],
  },
})
