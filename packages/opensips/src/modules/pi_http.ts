// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `pi_http`. */
export const pi_http = defineModule('pi_http', {
  /** `pi_http:reload_tbls_and_cmds`; `pi_reload_tbls_and_cmds` in 3.5. */
  reload_tbls_and_cmds: {
    aliases: ['pi_reload_tbls_and_cmds'],
    level: 'change',
    recipes: [{}],
  },
})
