// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule, schema } from '@mi/contract'

/** The commands of `sipcapture`. */
export const sipcapture = defineModule('sipcapture', {
  /** `sipcapture:capture`; `sip_capture` in 3.5. */
  capture: {
    aliases: ['sip_capture'],
    level: 'change',
    recipes: [{}, { capture_mode: schema<unknown>({}) }],
  },
})
