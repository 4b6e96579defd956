// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `media_exchange`. */
export const media_exchange = defineModule('media_exchange', {
  /** `media_exchange:fork_from_call_to_uri`; `media_fork_from_call_to_uri` in 3.5. */
  fork_from_call_to_uri: {
    aliases: ['media_fork_from_call_to_uri'],
    level: 'change',
    recipes: [
      { callid: 'string', uri: 'string' },
      { callid: 'string', uri: 'string', leg: 'string' },
      { callid: 'string', uri: 'string', headers: 'string' },
      { callid: 'string', uri: 'string', leg: 'string', headers: 'string' },
      // since 4.0
      { callid: 'string', uri: 'string', leg: 'string', instance: 'string' },
      // since 4.0
      { callid: 'string', uri: 'string', headers: 'string', instance: 'string' },
      // since 4.0
      { callid: 'string', uri: 'string', leg: 'string', headers: 'string', instance: 'string' },
    ],
  },
  /** `media_exchange:from_call_to_uri`; `media_exchange_from_call_to_uri` in 3.5. */
  from_call_to_uri: {
    aliases: ['media_exchange_from_call_to_uri'],
    level: 'change',
    recipes: [
      { callid: 'string', uri: 'string', leg: 'string' },
      { callid: 'string', uri: 'string', leg: 'string', headers: 'string' },
      { callid: 'string', uri: 'string', leg: 'string', nohold: 'int' },
      { callid: 'string', uri: 'string', leg: 'string', headers: 'string', nohold: 'int' },
    ],
  },
  /** `media_exchange:from_call_to_uri_body`; `media_exchange_from_call_to_uri_body` in 3.5. */
  from_call_to_uri_body: {
    aliases: ['media_exchange_from_call_to_uri_body'],
    level: 'change',
    recipes: [
      { callid: 'string', uri: 'string', leg: 'string', body: 'string' },
      { callid: 'string', uri: 'string', leg: 'string', body: 'string', headers: 'string' },
      { callid: 'string', uri: 'string', leg: 'string', body: 'string', nohold: 'int' },
      { callid: 'string', uri: 'string', leg: 'string', body: 'string', headers: 'string', nohold: 'int' },
    ],
  },
  /** `media_exchange:terminate`; `media_terminate` in 3.5. */
  terminate: {
    aliases: ['media_terminate'],
    level: 'change',
    recipes: [
      { callid: 'string' },
      { callid: 'string', leg: 'string' },
      { callid: 'string', nohold: 'int' },
      { callid: 'string', leg: 'string', nohold: 'int' },
      // since 4.0
      { callid: 'string', leg: 'string', instance: 'string' },
      // since 4.0
      { callid: 'string', nohold: 'int', instance: 'string' },
      // since 4.0
      { callid: 'string', leg: 'string', nohold: 'int', instance: 'string' },
    ],
  },
})
