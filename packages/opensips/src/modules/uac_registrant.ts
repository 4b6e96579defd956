// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `uac_registrant`. */
export const uac_registrant = defineModule('uac_registrant', {
  /** `uac_registrant:list`; `reg_list` in 3.5. */
  list: {
    aliases: ['reg_list'],
    level: 'read',
    recipes: [{}, { aor: 'string', contact: 'string', registrar: 'string' }],
  },
  /** `uac_registrant:reload`; `reg_reload` in 3.5. */
  reload: {
    aliases: ['reg_reload'],
    level: 'change',
    recipes: [{}, { aor: 'string', contact: 'string', registrar: 'string' }],
  },
  /** `uac_registrant:enable`; `reg_enable` in 3.5. */
  enable: {
    aliases: ['reg_enable'],
    level: 'change',
    recipes: [{ aor: 'string', contact: 'string', registrar: 'string' }],
  },
  /** `uac_registrant:disable`; `reg_disable` in 3.5. */
  disable: {
    aliases: ['reg_disable'],
    level: 'change',
    recipes: [{ aor: 'string', contact: 'string', registrar: 'string' }],
  },
  /** `uac_registrant:force_register`; `reg_force_register` in 3.5. */
  force_register: {
    aliases: ['reg_force_register'],
    level: 'change',
    recipes: [{ aor: 'string', contact: 'string', registrar: 'string' }],
  },
  /** `uac_registrant:upsert`. Since 4.0. */
  upsert: {
    aliases: ['reg_upsert'],
    level: 'change',
    recipes: [
      {
        aor: 'string',
        contact: 'string',
        registrar: 'string',
        proxy: 'string',
        third_party_registrant: 'string',
        username: 'string',
        password: 'string',
        binding_params: 'string',
        expiry: 'int',
        forced_socket: 'string',
        cluster_shtag: 'string',
        state: 'int',
      },
    ],
  },
  /** `uac_registrant:delete`. Since 4.0. */
  delete: {
    aliases: ['reg_delete'],
    level: 'change',
    recipes: [{ aor: 'string', contact: 'string', registrar: 'string' }],
  },
})
