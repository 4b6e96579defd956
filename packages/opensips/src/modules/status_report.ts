// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `status_report`; from `core` in 3.5. */
export const status_report = defineModule('status_report', {
  /** `status_report:get`; `sr_get_status` in 3.5. */
  get: {
    aliases: ['sr_get_status'],
    level: 'read',
    recipes: [{ group: 'string' }, { group: 'string', identifier: 'string' }],
  },
  /** `status_report:status`; `sr_list_status` in 3.5. */
  status: {
    aliases: ['sr_list_status'],
    level: 'read',
    recipes: [{}, { group: 'string' }],
  },
  /** `status_report:reports`; `sr_list_reports` in 3.5. */
  reports: {
    aliases: ['sr_list_reports'],
    level: 'read',
    recipes: [{}, { group: 'string' }, { group: 'string', identifier: 'string' }],
  },
  /** `status_report:identifiers`; `sr_list_identifiers` in 3.5. */
  identifiers: {
    aliases: ['sr_list_identifiers'],
    level: 'read',
    recipes: [{}, { group: 'string' }],
  },
})
