// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `rtpproxy`. */
export const rtpproxy = defineModule('rtpproxy', {
  /** `rtpproxy:enable`; `rtpproxy_enable` in 3.5. */
  enable: {
    aliases: ['rtpproxy_enable'],
    level: 'change',
    recipes: [
      { url: 'string', enable: 'int' },
      { url: 'string', enable: 'int', setid: 'int' },
    ],
  },
  /** `rtpproxy:show`; `rtpproxy_show` in 3.5. */
  show: {
    aliases: ['rtpproxy_show'],
    level: 'read',
    recipes: [{}],
  },
  /** `rtpproxy:reload`; `rtpproxy_reload` in 3.5. */
  reload: {
    aliases: ['rtpproxy_reload'],
    level: 'change',
    recipes: [{}],
  },
})
