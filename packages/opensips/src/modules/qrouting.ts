// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `qrouting`. */
export const qrouting = defineModule('qrouting', {
  /** `qrouting:status`; `qr_status` in 3.5. */
  status: {
    aliases: ['qr_status'],
    level: 'read',
    recipes: [
      {},
      { partition: 'string' },
      { partition: 'string', rule_id: 'int' },
      { partition: 'string', rule_id: 'int', dst_name: 'string' },
    ],
  },
  /** `qrouting:reload`; `qr_reload` in 3.5. */
  reload: {
    aliases: ['qr_reload'],
    level: 'change',
    recipes: [{}],
  },
  /** `qrouting:disable_dst`; `qr_disable_dst` in 3.5. Takes parameters by name only. */
  disable_dst: {
    aliases: ['qr_disable_dst'],
    level: 'change',
    recipes: [
      { rule_id: 'int', dst_name: 'string' },
      { partition: 'string', rule_id: 'int', dst_name: 'string' },
    ],
    namedOnly: true,
  },
  /** `qrouting:enable_dst`; `qr_enable_dst` in 3.5. Takes parameters by name only. */
  enable_dst: {
    aliases: ['qr_enable_dst'],
    level: 'change',
    recipes: [
      { rule_id: 'int', dst_name: 'string' },
      { partition: 'string', rule_id: 'int', dst_name: 'string' },
    ],
    namedOnly: true,
  },
})
