// Generated from catalogue/ by `npm run generate`; changes made here are lost.
import { defineModule } from '@mi/contract'

/** The commands of `rtpengine`. */
export const rtpengine = defineModule('rtpengine', {
  /** `rtpengine:enable`; `rtpengine_enable` in 3.5. */
  enable: {
    aliases: ['rtpengine_enable'],
    level: 'change',
    recipes: [
      { url: 'string', enable: 'int' },
      { url: 'string', enable: 'int', setid: 'int' },
    ],
  },
  /** `rtpengine:show`; `rtpengine_show` in 3.5. */
  show: {
    aliases: ['rtpengine_show'],
    level: 'read',
    recipes: [{}],
  },
  /** `rtpengine:reload`; `rtpengine_reload` in 3.5. */
  reload: {
    aliases: ['rtpengine_reload'],
    level: 'change',
    recipes: [{}, { type: 'string' }],
  },
  /** `rtpengine:teardown`; `teardown` in 3.5. */
  teardown: {
    level: 'change',
    recipes: [{ callid: 'string' }],
  },
})
