// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `auth_aka`. */
export const auth_aka = defineModule('auth_aka', {
  /** `auth_aka:av_add`; `aka_av_add` in 3.5. */
  av_add: {
    aliases: ['aka_av_add'],
    level: 'change',
    recipes: [
      {
        public_identity: 'string',
        private_identity: 'string',
        authenticate: 'string',
        authorize: 'string',
        'confidentiality-key': 'string',
        'integrity-key': 'string',
      },
      {
        public_identity: 'string',
        private_identity: 'string',
        authenticate: 'string',
        authorize: 'string',
        'confidentiality-key': 'string',
        'integrity-key': 'string',
        algorithms: 'string',
      },
    ],
  },
  /** `auth_aka:av_drop`; `aka_av_drop` in 3.5. */
  av_drop: {
    aliases: ['aka_av_drop'],
    level: 'change',
    recipes: [{ public_identity: 'string', private_identity: 'string', authenticate: 'string' }],
  },
  /** `auth_aka:av_drop_all`; `aka_av_drop_all` in 3.5. */
  av_drop_all: {
    aliases: ['aka_av_drop_all'],
    level: 'change',
    recipes: [{ public_identity: 'string', private_identity: 'string' }],
  },
  /** `auth_aka:av_fail`; `aka_av_fail` in 3.5. */
  av_fail: {
    aliases: ['aka_av_fail'],
    level: 'change',
    recipes: [
      { public_identity: 'string', private_identity: 'string' },
      { public_identity: 'string', private_identity: 'string', count: 'int' },
    ],
  },
})
