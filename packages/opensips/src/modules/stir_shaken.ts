// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `stir_shaken`. */
export const stir_shaken = defineModule('stir_shaken', {
  /** `stir_shaken:ca_reload`; `stir_shaken_ca_reload` in 3.5. */
  ca_reload: {
    aliases: ['stir_shaken_ca_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `stir_shaken:crl_reload`; `stir_shaken_crl_reload` in 3.5. */
  crl_reload: {
    aliases: ['stir_shaken_crl_reload'],
    level: 'change',
    recipes: [{}],
  },
})
