// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule, schema } from '@mi/contract'

/** The commands of `dialog`. */
export const dialog = defineModule('dialog', {
  /** `dialog:list`; `dlg_list` in 3.5. Takes parameters by name only. */
  list: {
    aliases: ['dlg_list'],
    level: 'read',
    recipes: [{}, { callid: 'string' }, { callid: 'string', from_tag: 'string' }, { index: 'int', counter: 'int' }],
    namedOnly: true,
  },
  /** `dialog:list_ctx`; `dlg_list_ctx` in 3.5. Takes parameters by name only. */
  list_ctx: {
    aliases: ['dlg_list_ctx'],
    level: 'read',
    recipes: [{}, { callid: 'string' }, { callid: 'string', from_tag: 'string' }, { index: 'int', counter: 'int' }],
    namedOnly: true,
  },
  /** `dialog:end_dlg`; `dlg_end_dlg` in 3.5. */
  end_dlg: {
    aliases: ['dlg_end_dlg'],
    level: 'change',
    recipes: [{ dialog_id: 'string' }, { dialog_id: 'string', extra_hdrs: 'string' }],
  },
  /** `dialog:db_sync`; `dlg_db_sync` in 3.5. */
  db_sync: {
    aliases: ['dlg_db_sync'],
    level: 'change',
    recipes: [{}],
  },
  /** `dialog:restore_db`; `dlg_restore_db` in 3.5. */
  restore_db: {
    aliases: ['dlg_restore_db'],
    level: 'change',
    recipes: [{}],
  },
  /** `dialog:cluster_sync`; `dlg_cluster_sync` in 3.5. */
  cluster_sync: {
    aliases: ['dlg_cluster_sync'],
    level: 'change',
    recipes: [{}, { sharing_tag: 'string' }],
  },
  /** `dialog:profile_get_size`; `profile_get_size` in 3.5. */
  profile_get_size: {
    level: 'read',
    recipes: [{ profile: 'string' }, { profile: 'string', value: 'string' }],
  },
  /** `dialog:profile_list_dlgs`; `profile_list_dlgs` in 3.5. */
  profile_list_dlgs: {
    level: 'read',
    recipes: [{ profile: 'string' }, { profile: 'string', value: 'string' }],
  },
  /** `dialog:profile_get_values`; `profile_get_values` in 3.5. */
  profile_get_values: {
    level: 'read',
    recipes: [{ profile: 'string' }],
  },
  /** `dialog:list_all_profiles`; `list_all_profiles` in 3.5. */
  list_all_profiles: {
    level: 'read',
    recipes: [{}],
  },
  /** `dialog:profile_end_dlgs`; `profile_end_dlgs` in 3.5. */
  profile_end_dlgs: {
    level: 'change',
    recipes: [{ profile: 'string' }, { profile: 'string', value: 'string' }],
  },
  /** `dialog:push_var`; `dlg_push_var` in 3.5. */
  push_var: {
    aliases: ['dlg_push_var'],
    level: 'change',
    recipes: [{ dlg_val_name: 'string', dlg_val_value: 'string', DID: 'string[]' }],
  },
  /** `dialog:send_sequential`; `dlg_send_sequential` in 3.5. Takes parameters by name only. Answers later. */
  send_sequential: {
    aliases: ['dlg_send_sequential'],
    level: 'change',
    recipes: [
      { callid: 'string' },
      { callid: 'string', mode: 'string' },
      { callid: 'string', method: 'string' },
      { callid: 'string', body: 'string' },
      { callid: 'string', mode: 'string', method: 'string' },
      { callid: 'string', mode: 'string', body: 'string' },
      { callid: 'string', method: 'string', body: 'string' },
      { callid: 'string', method: 'string', body: 'string', mode: 'string' },
      { callid: 'string', method: 'string', body: 'string', mode: 'string', headers: 'string' },
    ],
    namedOnly: true,
    async: true,
  },
  /** `dialog:set_profile`. Since 4.0. */
  set_profile: {
    aliases: ['dlg_set_profile'],
    level: 'change',
    recipes: [
      { dlg_id: schema<unknown>({}), profile: 'string' },
      { dlg_id: schema<unknown>({}), profile: 'string', value: 'string' },
      { dlg_id: schema<unknown>({}), profile: 'string', value: 'string', clear_values: 'int' },
    ],
  },
  /** `dialog:unset_profile`. Since 4.0. */
  unset_profile: {
    aliases: ['dlg_unset_profile'],
    level: 'change',
    recipes: [
      { dlg_id: schema<unknown>({}), profile: 'string' },
      { dlg_id: schema<unknown>({}), profile: 'string', value: 'string' },
    ],
  },
})
