// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `msrp_ua`. */
export const msrp_ua = defineModule('msrp_ua', {
  /** `msrp_ua:send_message`; `msrp_ua_send_message` in 3.5. */
  send_message: {
    aliases: ['msrp_ua_send_message'],
    level: 'change',
    recipes: [
      { session_id: 'string' },
      { session_id: 'string', failure_report: 'string' },
      { session_id: 'string', success_report: 'string' },
      { session_id: 'string', failure_report: 'string', success_report: 'string' },
      { session_id: 'string', mime: 'string', body: 'string' },
      { session_id: 'string', mime: 'string', body: 'string', failure_report: 'string' },
      { session_id: 'string', mime: 'string', body: 'string', success_report: 'string' },
      { session_id: 'string', mime: 'string', body: 'string', failure_report: 'string', success_report: 'string' },
    ],
  },
  /** `msrp_ua:end_session`; `msrp_ua_end_session` in 3.5. */
  end_session: {
    aliases: ['msrp_ua_end_session'],
    level: 'change',
    recipes: [{ session_id: 'string' }],
  },
  /** `msrp_ua:list_sessions`; `msrp_ua_list_sessions` in 3.5. */
  list_sessions: {
    aliases: ['msrp_ua_list_sessions'],
    level: 'read',
    recipes: [{}],
  },
  /** `msrp_ua:start_session`; `msrp_ua_start_session` in 3.5. */
  start_session: {
    aliases: ['msrp_ua_start_session'],
    level: 'change',
    recipes: [{ content_types: 'string', from_uri: 'string', to_uri: 'string', ruri: 'string' }],
  },
})
