// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `tm`. */
export const tm = defineModule('tm', {
  /** `tm:uac_dlg`; `t_uac_dlg` in 3.5. Takes parameters by name only. Answers later. */
  uac_dlg: {
    aliases: ['t_uac_dlg'],
    level: 'change',
    recipes: [
      { method: 'string', ruri: 'string', headers: 'string' },
      { method: 'string', ruri: 'string', headers: 'string', next_hop: 'string' },
      { method: 'string', ruri: 'string', headers: 'string', socket: 'string' },
      { method: 'string', ruri: 'string', headers: 'string', body: 'string' },
      { method: 'string', ruri: 'string', headers: 'string', next_hop: 'string', socket: 'string' },
      { method: 'string', ruri: 'string', headers: 'string', next_hop: 'string', body: 'string' },
      { method: 'string', ruri: 'string', headers: 'string', socket: 'string', body: 'string' },
      { method: 'string', ruri: 'string', headers: 'string', next_hop: 'string', socket: 'string', body: 'string' },
    ],
    namedOnly: true,
    async: true,
  },
  /** `tm:uac_cancel`; `t_uac_cancel` in 3.5. */
  uac_cancel: {
    aliases: ['t_uac_cancel'],
    level: 'change',
    recipes: [{ callid: 'string', cseq: 'string' }],
  },
  /** `tm:hash`; `t_hash` in 3.5. */
  hash: {
    aliases: ['t_hash'],
    level: 'read',
    recipes: [{}],
  },
  /** `tm:reply`; `t_reply` in 3.5. Takes parameters by name only. */
  reply: {
    aliases: ['t_reply'],
    level: 'change',
    recipes: [
      { code: 'int', reason: 'string', trans_id: 'string', to_tag: 'string' },
      { code: 'int', reason: 'string', trans_id: 'string', to_tag: 'string', new_headers: 'string' },
      { code: 'int', reason: 'string', trans_id: 'string', to_tag: 'string', body: 'string' },
      { code: 'int', reason: 'string', trans_id: 'string', to_tag: 'string', new_headers: 'string', body: 'string' },
    ],
    namedOnly: true,
  },
})
